// 收购, on Android.

package org.courtyard.app.buy

import android.app.DatePickerDialog
import android.os.Bundle
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup
import android.view.inputmethod.InputMethodManager
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.Figures
import org.courtyard.app.look.PadView
import org.courtyard.app.look.Trouble
import org.courtyard.app.look.TroubleView
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.ScreenActivity
import org.courtyard.app.screen.SecondTouch
import org.courtyard.app.screen.onText
import org.courtyard.app.screen.onTouch
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.shownIf
import org.courtyard.app.screen.view
import org.courtyard.app.screen.write
import org.courtyard.app.slip.SlipActivity
import java.time.LocalDate
import java.util.EnumMap

/** Shows [BuyScreen]: one stage at a time between its head and its foot. */
class BuyActivity : ScreenActivity<BuyModel, BuyEvent, BuyEffect>(BuyScreen) {
    private val stages = EnumMap<Stage, StageView>(Stage::class.java)
    private val counter by lazy { Counter(courtyard, getPreferences(MODE_PRIVATE)) }
    private val second = SecondTouch()
    private var shown: Stage? = null

    override val layout = R.layout.buy

    override fun begin(kept: Bundle?): Next<BuyModel, BuyEffect> =
        Next.of(BuyModel(spot = kept?.let(Spots::read)), BuyEffect.Open)

    override fun bind() {
        view<EditText>(R.id.search).onText { send(BuyEvent.Searched(it)) }
        view<PadView>(R.id.pad).onKey = { send(BuyEvent.Pressed(it)) }
        onTouch(R.id.action) { send(BuyEvent.Acted) }
        onTouch(R.id.discard) { send(BuyEvent.DiscardAsked) }
        onTouch(R.id.discard_yes) { send(BuyEvent.DiscardConfirmed) }
        onTouch(R.id.discard_no) { send(BuyEvent.DiscardDenied) }
        onTouch(R.id.undo) { send(BuyEvent.UndoAsked) }
    }

    override fun keep(model: BuyModel, state: Bundle) = Spots.write(model, state)

    override fun render(model: BuyModel) {
        head(model)
        stage(model)
        foot(model)
    }

    private fun head(model: BuyModel) {
        val slip = model.slip
        val line = model.open?.takeIf { model.stage in LINE_STAGES }
        view<TextView>(R.id.title).text = when (model.stage) {
            Stage.OPENING -> getString(R.string.buy_opening)
            Stage.GROWER -> getString(R.string.buy_who)
            Stage.PRODUCT -> getString(R.string.buy_what)
            Stage.GRADE -> getString(R.string.buy_product_grade, model.product?.name.orEmpty(), getString(R.string.buy_grade))
            Stage.DEDUCT -> getString(R.string.buy_deduct)
            Stage.PRICE -> getString(R.string.buy_price)
            Stage.WEIGH -> line?.let { getString(R.string.buy_product_grade, it.name, it.grade) }
            Stage.REVIEW -> slip?.grower?.name
        }
        val own = if (slip?.grower?.own == true) getString(R.string.buy_own) else null
        val under = when (model.stage) {
            Stage.OPENING, Stage.GROWER -> emptyList()
            Stage.PRODUCT, Stage.GRADE -> listOf(slip?.grower?.name, own)
            Stage.WEIGH -> listOf(slip?.grower?.name, own, line?.contract?.of(this))
            Stage.DEDUCT, Stage.PRICE ->
                listOf(slip?.grower?.name, line?.let { getString(R.string.buy_product_grade, it.name, it.grade) })
            Stage.REVIEW -> listOf(own, slip?.grower?.id, slip?.date?.let { getString(R.string.buy_date, it) })
        }.filterNotNull()
        view<TextView>(R.id.under_title).showOrHide(under.joinToString(" · ").ifEmpty { null })
        view<View>(R.id.discard).shownIf(slip != null && !model.asksDiscard && !model.saving)
        view<View>(R.id.asks_discard).shownIf(model.asksDiscard)
        view<TextView>(R.id.discard_words).text = getString(R.string.buy_discard_ask, slip?.grower?.name.orEmpty())
        view<View>(R.id.undo_line).shownIf(model.discarded != null)
        view<TextView>(R.id.undo_words).text = getString(R.string.buy_discarded, model.discarded.orEmpty())
        view<View>(R.id.resumed).shownIf(model.resumed)
        view<TroubleView>(R.id.trouble).show(model.trouble)
    }

    private fun stage(model: BuyModel) {
        val frame = view<ViewGroup>(R.id.stage)
        if (model.stage != shown) {
            frame.removeAllViews()
            shown = model.stage
            second.shows(model.stage)
            stageView(model.stage)?.let { frame.addView(it.root) }
        }
        stageView(model.stage)?.render(model)
    }

    private fun stageView(stage: Stage): StageView? = when (stage) {
        Stage.OPENING -> null
        else -> stages.getOrPut(stage) { make(stage) }
    }

    private fun make(stage: Stage): StageView {
        val frame = view<ViewGroup>(R.id.stage)
        val choices = Choices(this)
        return when (stage) {
            Stage.PRODUCT -> ChoiceStage(this, frame, ::send, choices::products) { R.string.buy_nothing }
            Stage.GRADE -> ChoiceStage(this, frame, ::send, choices::grades) { R.string.buy_nothing }
            Stage.WEIGH -> WeighStage(this, frame, ::send)
            Stage.DEDUCT, Stage.PRICE -> EntryStage(this, frame, ::send)
            Stage.REVIEW -> ReviewStage(this, frame, ::send, ::chooseDate)
            Stage.OPENING, Stage.GROWER -> ChoiceStage(this, frame, ::send, choices::growers) { model ->
                if (model.search.isBlank()) R.string.buy_nobody_yet else R.string.buy_nobody
            }
        }
    }

    private fun foot(model: BuyModel) {
        view<EditText>(R.id.search).apply {
            val searches = model.stage == Stage.GROWER || model.stage == Stage.PRODUCT
            shownIf(searches)
            setHint(if (model.stage == Stage.GROWER) R.string.buy_who_hint else R.string.buy_what_hint)
            write(model.search)
            if (!searches) hideKeyboard(this)
        }
        val pads = model.stage in LINE_STAGES
        view<PadView>(R.id.pad).apply {
            shownIf(pads)
            if (pads) showSides(Sides.of(this@BuyActivity, model))
        }
        view<View>(R.id.total).shownIf(model.stage == Stage.REVIEW)
        view<FigureView>(R.id.total_amount).showMoney(model.slip?.amountFen ?: 0)
        view<FigureView>(R.id.total_weight).showWeight(model.slip?.settlementG ?: 0)
        val estimate = model.slip?.estimateFen ?: 0
        view<TextView>(R.id.total_estimate)
            .showOrHide(if (estimate == 0L) null else getString(R.string.buy_estimate, Figures.yuan(estimate)))
        view<View>(R.id.foot).shownIf(model.stage != Stage.OPENING && model.stage != Stage.GRADE)
        view<Button>(R.id.action).apply {
            shownIf(pads || model.stage == Stage.REVIEW)
            text = action(model)
            isEnabled = able(model)
        }
    }

    private fun action(model: BuyModel): String = when (model.stage) {
        Stage.WEIGH -> {
            val replacing = model.weigh.replacing
            when {
                model.weigh.begun && replacing != null -> getString(R.string.buy_take_again, replacing + 1)
                model.weigh.begun -> getString(R.string.buy_take)
                (model.open?.counted ?: 0) > 0 -> getString(R.string.buy_to_review)
                else -> getString(R.string.buy_type_weight)
            }
        }
        Stage.DEDUCT -> getString(R.string.buy_deduct_action)
        Stage.PRICE -> getString(R.string.buy_price_action)
        else -> getString(
            when {
                model.saving -> R.string.buy_saving
                model.slip?.warnings.orEmpty().isNotEmpty() -> R.string.buy_save_seen
                else -> R.string.buy_save
            },
        )
    }

    private fun able(model: BuyModel): Boolean = when (model.stage) {
        Stage.WEIGH -> if (model.weigh.begun) model.weigh.ready else (model.open?.counted ?: 0) > 0
        Stage.DEDUCT, Stage.PRICE -> model.typed.read
        else -> model.ready
    }

    override fun perform(effect: BuyEffect): BuyEvent? = counter.perform(effect)

    override fun refused(effect: BuyEffect, trouble: Trouble) = BuyEvent.Refused(trouble)

    override fun show(effect: BuyEffect) {
        if (effect is BuyEffect.OpenSlip) startActivity(SlipActivity.of(this, effect.id))
        finish()
    }

    private fun chooseDate() {
        val date = model.slip?.date?.let(LocalDate::parse) ?: return
        val day = if (date.year < FIRST_YEAR) date.withYear(FIRST_YEAR) else date
        DatePickerDialog(
            this,
            { _, year, month, dayOfMonth ->
                send(BuyEvent.DayConfirmed(LocalDate.of(year, month + 1, dayOfMonth).toString()))
            },
            day.year,
            day.monthValue - 1,
            day.dayOfMonth,
        ).show()
    }

    private fun hideKeyboard(field: View) {
        if (field.hasFocus()) field.clearFocus()
        getSystemService(InputMethodManager::class.java).hideSoftInputFromWindow(field.windowToken, 0)
    }

    override fun dispatchTouchEvent(event: MotionEvent): Boolean =
        second.isTooSoon(event) || super.dispatchTouchEvent(event)

    @Deprecated("Kept for Android 8 to 12; newer ones call it too.")
    override fun onBackPressed() = send(BuyEvent.Back)

    private companion object {
        val LINE_STAGES = setOf(Stage.WEIGH, Stage.DEDUCT, Stage.PRICE)

        /** A clock before this year was never set; the calendar opens where a person finds today. */
        const val FIRST_YEAR = 2020
    }
}
