// Paying in cash, on Android.

package org.courtyard.app.pay

import android.content.Context
import android.content.Intent
import android.os.Bundle
import android.view.MotionEvent
import android.view.View
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.buy.said
import org.courtyard.app.buy.shown
import org.courtyard.app.look.FigureRow
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.Figures
import org.courtyard.app.look.StateMark
import org.courtyard.app.look.Trouble
import org.courtyard.app.look.TroubleView
import org.courtyard.app.look.rows
import org.courtyard.app.look.show
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.ScreenActivity
import org.courtyard.app.screen.SecondTouch
import org.courtyard.app.screen.onTouch
import org.courtyard.app.screen.showOrHide
import org.courtyard.app.screen.shownIf
import org.courtyard.app.screen.view
import org.courtyard.core.PayoutReview
import org.courtyard.core.Repay

/** Shows [PayScreen]. */
class PayActivity : ScreenActivity<PayModel, PayEvent, PayEffect>(PayScreen) {
    private val second = SecondTouch()

    override val layout = R.layout.pay

    override fun begin(kept: Bundle?): Next<PayModel, PayEffect> {
        val grower = kept?.getString(GROWER) ?: return PayScreen.begin(intent.getStringExtra(GROWER))
        return PayScreen.resume(Asked(grower, kept.ids(LEFT), kept.ids(REPAY)))
    }

    override fun keep(model: PayModel, state: Bundle) {
        // A payout that is saved is not asked for again: the screen then begins with who is owed.
        val asked = model.asked
        if (model.stage != Stage.REVIEW || asked == null) return
        state.putString(GROWER, asked.grower)
        state.putStringArrayList(LEFT, ArrayList(asked.left))
        state.putStringArrayList(REPAY, ArrayList(asked.repay))
    }

    private fun Bundle.ids(key: String): Set<String> = getStringArrayList(key).orEmpty().toSet()

    override fun bind() {
        onTouch(R.id.pay_action) { send(if (model.stage == Stage.PAID) PayEvent.Back else PayEvent.Confirmed) }
    }

    override fun render(model: PayModel) {
        second.shows(model.stage)
        view<TextView>(R.id.pay_title).text = title(model)
        view<TroubleView>(R.id.trouble).show(model.trouble)
        view<View>(R.id.pay_growers_page).shownIf(model.stage == Stage.GROWER)
        view<View>(R.id.pay_review_page).shownIf(model.stage == Stage.REVIEW)
        view<View>(R.id.pay_paid_page).shownIf(model.stage == Stage.PAID)
        when (model.stage) {
            Stage.GROWER -> growers(model)
            Stage.REVIEW -> review(model)
            Stage.PAID -> paid(model)
        }
        view<View>(R.id.pay_foot).shownIf(model.stage != Stage.GROWER)
        view<Button>(R.id.pay_action).apply {
            isEnabled = model.stage == Stage.PAID || model.ready
            text = when {
                model.stage == Stage.PAID -> getString(R.string.pay_done)
                model.paying -> getString(R.string.pay_paying)
                else -> getString(R.string.pay_action, Figures.yuan(model.review?.cashFen ?: 0))
            }
        }
    }

    private fun title(model: PayModel): String = when (model.stage) {
        Stage.GROWER -> getString(R.string.pay_who)
        else -> model.review?.let { it.growerName.ifBlank { it.grower } } ?: getString(R.string.pay_reading)
    }

    private fun growers(model: PayModel) {
        view<LinearLayout>(R.id.pay_growers).rows(R.layout.pay_grower, model.growers.orEmpty()) { view, owed ->
            view.findViewById<TextView>(R.id.owed_name).text = owed.growerName.ifBlank { owed.grower }
            val slips = owed.slips.toInt()
            view.findViewById<TextView>(R.id.owed_slips).text =
                resources.getQuantityString(R.plurals.pay_slips, slips, slips)
            view.findViewById<FigureView>(R.id.owed_amount).showMoney(owed.owedFen)
            view.setOnClickListener { send(PayEvent.GrowerChosen(owed.grower)) }
        }
        view<TextView>(R.id.pay_nobody)
            .showOrHide(if (model.growers?.isEmpty() == true) getString(R.string.pay_nobody) else null)
    }

    private fun review(model: PayModel) {
        val review = model.review
        view<View>(R.id.pay_body).shownIf(review != null)
        if (review == null) return
        view<LinearLayout>(R.id.pay_findings).rows(R.layout.buy_finding, review.problems) { view, problem ->
            val words = problem.said().words(this)
            (view as TextView).text = getString(R.string.state_with_shape, StateMark.LOOK.shape, words)
            view.contentDescription = words
            view.setTextColor(getColor(R.color.red))
        }
        view<LinearLayout>(R.id.pay_slips).rows(R.layout.pay_choice, slips(model)) { view, row -> view.show(row) }
        val offers = review.offers
        view<View>(R.id.pay_offers_label).shownIf(offers.isNotEmpty())
        view<LinearLayout>(R.id.pay_offers).rows(R.layout.pay_choice, offers(model)) { view, row -> view.show(row) }
        view<LinearLayout>(R.id.pay_sums).rows(R.layout.figure_row, sums(review)) { view, row -> view.show(row) }
        view<FigureView>(R.id.pay_cash).showMoney(review.cashFen)
        view<TextView>(R.id.pay_notices)
            .showOrHide(review.notices.joinToString("\n") { it.shown().of(this) }.ifEmpty { null })
        view<LinearLayout>(R.id.pay_float).rows(R.layout.figure_row, float(review)) { view, row -> view.show(row) }
    }

    /** Each slip; the shape says whether it is paid. */
    private fun slips(model: PayModel): List<FigureRow> = model.slips.map { slip ->
        val on = slip.slip !in model.asked?.left.orEmpty()
        choice(slip.slip, slip.amountFen, getString(R.string.slip_paid_on, slip.date), on) {
            send(PayEvent.SlipTouched(slip.slip))
        }
    }

    private fun offers(model: PayModel): List<FigureRow> = model.review?.offers.orEmpty().map { offer ->
        val on = offer.debt in model.asked?.repay.orEmpty()
        val name = "${offer.words.shown().of(this)} ${offer.debt}"
        val under = getString(R.string.pay_offer, offer.due, Figures.yuan(offer.leftFen))
        choice(name, offer.mostFen, under, on) { send(PayEvent.DebtTouched(offer.debt)) }
    }

    private fun choice(name: String, fen: Long, under: String, on: Boolean, touch: () -> Unit): FigureRow {
        val shape = getString(if (on) R.string.pay_on else R.string.pay_off)
        val spoken = getString(if (on) R.string.pay_on_spoken else R.string.pay_off_spoken, name, Figures.yuan(fen))
        return FigureRow("$shape $name", { it.showMoney(fen) }, under, spoken = spoken, touch = touch)
    }

    private fun sums(review: PayoutReview): List<FigureRow> {
        fun row(name: Int, fen: Long) = FigureRow(getString(name), { it.showMoney(fen) })
        val all = arrayListOf(row(R.string.pay_owed, review.owedFen))
        if (review.repaidFen != 0L) all += row(R.string.pay_repaid, -review.repaidFen)
        if (review.roundingFen != 0L) all += row(R.string.pay_rounding, review.roundingFen)
        if (review.leftFen != 0L) all += row(R.string.pay_left, review.leftFen)
        if (review.owedElsewhereFen != 0L) all += row(R.string.pay_elsewhere, review.owedElsewhereFen)
        return all
    }

    /** Below zero the steward advances money, which is said in words and not by a sign alone. */
    private fun float(review: PayoutReview): List<FigureRow> = listOf(
        R.string.pay_float_before to review.floatBeforeFen,
        R.string.pay_float_after to review.floatAfterFen,
    ).map { (name, fen) ->
        FigureRow(
            getString(name),
            { it.showMoney(fen) },
            if (fen < 0) getString(R.string.pay_advanced, Figures.yuan(-fen)) else null,
        )
    }

    private fun paid(model: PayModel) {
        val paid = model.paid ?: return
        view<TextView>(R.id.paid_number).text = paid.id
        view<FigureView>(R.id.paid_cash).showMoney(paid.cashFen)
        view<TextView>(R.id.paid_notices)
            .showOrHide(paid.notices.joinToString("\n") { it.shown().of(this) }.ifEmpty { null })
        view<TextView>(R.id.paid_left)
            .showOrHide(if (paid.leftFen == 0L) null else getString(R.string.pay_still_left, Figures.yuan(paid.leftFen)))
    }

    override fun perform(effect: PayEffect): PayEvent? = when (effect) {
        PayEffect.ReadGrowers -> PayEvent.GrowersRead(courtyard.ledger.unpaidGrowers())
        is PayEffect.Review -> PayEvent.Reviewed(
            effect.asked,
            courtyard.ledger.reviewPayout(effect.asked.grower, effect.slips, repay(effect.asked)),
        )
        is PayEffect.Pay ->
            PayEvent.Done(courtyard.ledger.pay(effect.asked.grower, effect.slips, repay(effect.asked)))
        PayEffect.Leave -> null
    }

    private fun repay(asked: Asked): List<Repay> = asked.repay.map { Repay(it, null) }

    override fun refused(effect: PayEffect, trouble: Trouble) = PayEvent.Refused(trouble)

    override fun show(effect: PayEffect) = finish()

    override fun dispatchTouchEvent(event: MotionEvent): Boolean =
        second.isTooSoon(event) || super.dispatchTouchEvent(event)

    @Deprecated("Kept for Android 8 to 12; newer ones call it too.")
    override fun onBackPressed() = send(PayEvent.Back)

    companion object {
        private const val GROWER = "grower"
        private const val LEFT = "left"
        private const val REPAY = "repay"

        /** What pays this grower, or asks who is paid. */
        fun of(context: Context, grower: String? = null): Intent =
            Intent(context, PayActivity::class.java).putExtra(GROWER, grower)
    }
}
