// A saved slip, on Android.

package org.courtyard.app.slip

import android.content.Context
import android.content.Intent
import android.os.Bundle
import android.view.MotionEvent
import android.view.View
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.buy.BuyActivity
import org.courtyard.app.buy.shown
import org.courtyard.app.ledger.look
import org.courtyard.app.ledger.trouble
import org.courtyard.app.look.FigureRow
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.Figures
import org.courtyard.app.look.QrView
import org.courtyard.app.look.StateMark
import org.courtyard.app.look.StateView
import org.courtyard.app.look.Trouble
import org.courtyard.app.look.TroubleView
import org.courtyard.app.look.rows
import org.courtyard.app.look.show
import org.courtyard.app.pay.PayActivity
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.ScreenActivity
import org.courtyard.app.screen.SecondTouch
import org.courtyard.app.screen.onText
import org.courtyard.app.screen.onTouch
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.shownIf
import org.courtyard.app.screen.view
import org.courtyard.app.screen.write
import org.courtyard.core.CourtyardException
import org.courtyard.core.Slip

/** Shows [SlipScreen]. */
class SlipActivity : ScreenActivity<SlipModel, SlipEvent, SlipEffect>(SlipScreen) {
    private val second = SecondTouch()

    override val layout = R.layout.slip

    override fun begin(kept: Bundle?): Next<SlipModel, SlipEffect> {
        val model = SlipModel(intent.getStringExtra(SLIP).orEmpty())
        val mode = Mode.entries.find { it.name == kept?.getString(MODE) } ?: Mode.READ
        return Next(model.copy(mode = mode, reason = kept?.getString(REASON).orEmpty()))
    }

    override fun keep(model: SlipModel, state: Bundle) {
        state.putString(MODE, model.mode.name)
        state.putString(REASON, model.reason)
    }

    override fun bind() {
        onTouch(R.id.slip_pay) { send(SlipEvent.PayAsked) }
        onTouch(R.id.slip_next) { send(SlipEvent.NextAsked) }
        onTouch(R.id.slip_show) { send(SlipEvent.GrowerAsked) }
        onTouch(R.id.slip_void) { send(SlipEvent.VoidAsked) }
        onTouch(R.id.grower_done) { send(SlipEvent.Back) }
        onTouch(R.id.void_keep) { send(SlipEvent.Back) }
        onTouch(R.id.void_confirm) { send(SlipEvent.VoidConfirmed) }
        view<EditText>(R.id.void_reason).onText { send(SlipEvent.Reason(it)) }
        view<LinearLayout>(R.id.void_reasons).rows(
            R.layout.buy_entry_choice, resources.getStringArray(R.array.slip_reasons).asList(),
        ) { view, reason ->
            (view as Button).apply {
                text = reason
                setOnClickListener { send(SlipEvent.Reason(reason)) }
            }
        }
    }

    override fun shown(): SlipEvent = SlipEvent.Awake

    override fun render(model: SlipModel) {
        second.shows(model.mode)
        view<View>(R.id.slip_page).shownIf(model.mode == Mode.READ)
        view<View>(R.id.grower_page).shownIf(model.mode == Mode.GROWER)
        view<View>(R.id.void_page).shownIf(model.mode == Mode.VOID)
        view<TroubleView>(R.id.trouble).show(model.trouble.takeIf { model.mode == Mode.READ })
        val slip = model.slip
        view<View>(R.id.slip_body).shownIf(slip != null)
        val void = slip != null && slip.mark.look() == StateMark.VOID
        view<Button>(R.id.slip_void).isEnabled = slip != null && !void
        view<Button>(R.id.slip_show).isEnabled = slip != null
        view<View>(R.id.slip_pay).shownIf(slip?.payableHere == true)
        if (slip == null) return
        page(model, slip)
        SlipPages.grower(this, slip)
        void(model, slip)
    }

    private fun page(model: SlipModel, slip: Slip) {
        view<TextView>(R.id.slip_number).text = slip.id
        view<TextView>(R.id.slip_number).contentDescription = getString(R.string.slip_number_spoken, slip.id)
        view<TextView>(R.id.slip_grower).text = slip.growerName.ifBlank { slip.grower }
        view<TextView>(R.id.slip_date).text = getString(R.string.slip_of, slip.date, slip.grower)
        view<StateView>(R.id.slip_state).show(slip.mark.look())
        view<TextView>(R.id.slip_reasons)
            .showOrHide(slip.reasons.joinToString("\n") { it.shown().of(this) }.ifEmpty { null })
        view<FigureView>(R.id.slip_amount).showMoney(slip.amountFen)
        view<FigureView>(R.id.slip_weight).showWeight(slip.settlementG)
        view<TextView>(R.id.slip_estimate).showOrHide(
            if (slip.estimateFen == 0L) null else getString(R.string.buy_estimate, Figures.yuan(slip.estimateFen)),
        )
        view<LinearLayout>(R.id.slip_money).rows(R.layout.figure_row, SlipPages.money(this, slip)) { view, row -> view.show(row) }
        view<QrView>(R.id.slip_qr).apply {
            shownIf(model.qr != null)
            model.qr?.let { show(it.size.toInt(), it.modules) }
            contentDescription = getString(R.string.slip_qr_spoken, slip.id)
        }
        view<TextView>(R.id.slip_no_qr).showOrHide(model.noQr?.words(this))
        view<LinearLayout>(R.id.slip_lines).rows(R.layout.slip_line, slip.lines) { view, line -> SlipPages.line(view, line) }
    }

    private fun void(model: SlipModel, slip: Slip) {
        view<TextView>(R.id.void_title).text = getString(R.string.slip_void_title, slip.id)
        view<TextView>(R.id.void_words).text =
            getString(R.string.slip_void_words, slip.growerName, Figures.yuan(slip.amountFen))
        view<EditText>(R.id.void_reason).write(model.reason)
        view<TroubleView>(R.id.void_trouble).show(model.alone ?: model.trouble)
        view<TextView>(R.id.void_asks).shownIf(model.alone != null)
        view<Button>(R.id.void_confirm).apply {
            isEnabled = model.canVoid
            setText(if (model.alone == null) R.string.slip_void_confirm else R.string.slip_void_ask)
        }
    }

    override fun perform(effect: SlipEffect): SlipEvent? = when (effect) {
        is SlipEffect.Read -> SlipEvent.Read(courtyard.ledger.slip(effect.id))
        is SlipEffect.ReadQr -> SlipEvent.QrRead(courtyard.ledger.slipQr(effect.id))
        is SlipEffect.Void -> try {
            courtyard.ledger.voidEntry(effect.id, effect.reason, effect.ask)
            SlipEvent.Voided
        } catch (refusal: CourtyardException.Problem) {
            SlipEvent.NotAlone(refusal.trouble())
        }
        is SlipEffect.OpenPay, SlipEffect.OpenBuy, SlipEffect.Leave -> null
    }

    override fun refused(effect: SlipEffect, trouble: Trouble): SlipEvent =
        if (effect is SlipEffect.ReadQr) SlipEvent.QrMissing(trouble) else SlipEvent.Refused(trouble)

    override fun show(effect: SlipEffect) {
        when (effect) {
            is SlipEffect.OpenPay -> startActivity(PayActivity.of(this, effect.grower))
            SlipEffect.OpenBuy -> {
                startActivity(Intent(this, BuyActivity::class.java))
                finish()
            }
            else -> finish()
        }
    }

    override fun dispatchTouchEvent(event: MotionEvent): Boolean =
        second.isTooSoon(event) || super.dispatchTouchEvent(event)

    @Deprecated("Kept for Android 8 to 12; newer ones call it too.")
    override fun onBackPressed() = send(SlipEvent.Back)

    companion object {
        private const val SLIP = "slip"
        private const val MODE = "mode"
        private const val REASON = "reason"

        /** What opens this slip. */
        fun of(context: Context, id: String): Intent =
            Intent(context, SlipActivity::class.java).putExtra(SLIP, id)
    }
}
