// Paying a grower in cash: model, events, effects and the pure update.

package org.courtyard.app.pay

import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.OnScreen
import org.courtyard.app.screen.Screen
import org.courtyard.core.Allocation
import org.courtyard.core.Paid
import org.courtyard.core.PayoutReview
import org.courtyard.core.UnpaidGrower

/** One thing to do at a time. */
enum class Stage {
    /** Who is paid. */
    GROWER,

    /** What the payout comes to. */
    REVIEW,

    /** It is paid. */
    PAID,
}

/** What is asked for: of which slips, and for which debts something is kept back. */
data class Asked(
    val grower: String,
    /** Slips that are left for another day. */
    val left: Set<String> = emptySet(),
    /** Debts for which as much is kept back as may be. */
    val repay: Set<String> = emptySet(),
)

/** What stands on the screen. */
data class PayModel(
    val stage: Stage = Stage.GROWER,
    /** Households with something to pay; `null` until they are read. */
    val growers: List<UnpaidGrower>? = null,
    val asked: Asked? = null,
    /** Every slip that could be paid. */
    val slips: List<Allocation> = emptyList(),
    val review: PayoutReview? = null,
    val paid: Paid? = null,
    /** It is on its way to the ledger, or done: nothing is paid twice. */
    val paying: Boolean = false,
    val trouble: Trouble? = null,
) {
    /** The slips that are to be paid. */
    val chosen: List<String>
        get() = slips.map { it.slip }.filterNot { it in asked?.left.orEmpty() }

    /** Whether the cash can be handed over. */
    val ready: Boolean
        get() = stage == Stage.REVIEW && review != null && review.problems.isEmpty() &&
            chosen.isNotEmpty() && !paying
}

/** What happened. */
sealed interface PayEvent {
    /** Who has something to be paid. */
    data class GrowersRead(val growers: List<UnpaidGrower>) : PayEvent

    /** A grower was chosen. */
    data class GrowerChosen(val grower: String) : PayEvent

    /** A slip is to be paid, or left for another day. */
    data class SlipTouched(val slip: String) : PayEvent

    /** Something is to be kept back for a debt, or not. */
    data class DebtTouched(val debt: String) : PayEvent

    /** What it comes to. */
    data class Reviewed(val asked: Asked, val review: PayoutReview) : PayEvent

    /** The cash is handed over. */
    data object Confirmed : PayEvent

    /** It is saved, durably, under its number. */
    data class Done(val paid: Paid) : PayEvent

    /** It was not done, for this reason. */
    data class Refused(val trouble: Trouble) : PayEvent

    /** Back, or done, was touched. */
    data object Back : PayEvent
}

/** What is to be done. */
sealed interface PayEffect {
    /** Read who has something to be paid. */
    data object ReadGrowers : PayEffect

    /** Look at what it comes to, of these slips or of all. */
    data class Review(val asked: Asked, val slips: List<String>) : PayEffect

    /** Pay it. */
    data class Pay(val asked: Asked, val slips: List<String>) : PayEffect

    /** Leave. */
    data object Leave : PayEffect, OnScreen
}

private typealias After = Next<PayModel, PayEffect>

/** The screen itself. */
object PayScreen : Screen<PayModel, PayEvent, PayEffect> {
    /** Begins with this grower, or with the question who. */
    fun begin(grower: String?): After =
        if (grower == null) Next.of(PayModel(), PayEffect.ReadGrowers) else chosen(PayModel(), grower)

    /** Goes on with what was asked for before the screen was turned or the process died. */
    fun resume(asked: Asked): After = first(PayModel(), asked)

    override fun update(model: PayModel, event: PayEvent): After = when (event) {
        is PayEvent.GrowersRead -> Next(model.copy(growers = event.growers))
        is PayEvent.GrowerChosen -> chosen(model, event.grower)
        is PayEvent.SlipTouched -> asked(model) { it.copy(left = it.left.turned(event.slip)) }
        is PayEvent.DebtTouched -> asked(model) { it.copy(repay = it.repay.turned(event.debt)) }
        is PayEvent.Reviewed -> reviewed(model, event)
        PayEvent.Confirmed -> {
            val asked = model.asked
            if (model.ready && asked != null) {
                Next.of(model.copy(paying = true, trouble = null), PayEffect.Pay(asked, model.chosen))
            } else {
                Next(model)
            }
        }
        is PayEvent.Done -> Next(model.copy(stage = Stage.PAID, paid = event.paid))
        is PayEvent.Refused -> Next(model.copy(paying = false, trouble = event.trouble))
        PayEvent.Back -> back(model)
    }

    private fun chosen(model: PayModel, grower: String): After = first(model, Asked(grower))

    /** The first look is at all that is owed, whatever is asked for. */
    private fun first(model: PayModel, asked: Asked): After {
        val next = PayModel(stage = Stage.REVIEW, growers = model.growers, asked = asked)
        return Next.of(next, PayEffect.Review(Asked(asked.grower), emptyList()))
    }

    private fun asked(model: PayModel, change: (Asked) -> Asked): After {
        val before = model.asked
        if (before == null || model.paying || model.stage != Stage.REVIEW) return Next(model)
        val asked = change(before)
        val next = model.copy(asked = asked, trouble = null)
        // Without a slip there is nothing to ask: what stood there stays, and cannot be paid.
        return if (next.chosen.isEmpty()) Next(next) else Next.of(next, PayEffect.Review(asked, next.chosen))
    }

    private fun reviewed(model: PayModel, event: PayEvent.Reviewed): After {
        val asked = model.asked
        if (asked != null && model.review == null && model.slips.isEmpty()) return firstLook(model, asked, event)
        if (event.asked != asked) return Next(model)
        return Next(model.copy(review = event.review))
    }

    /** Shows all that is owed, or what is asked for of it, as far as it still stands. */
    private fun firstLook(model: PayModel, asked: Asked, event: PayEvent.Reviewed): After {
        val all = event.asked
        if (all != Asked(asked.grower)) return Next(model)
        val slips = event.review.allocations
        val still = asked.copy(
            left = asked.left intersect slips.map { it.slip }.toSet(),
            repay = asked.repay intersect event.review.offers.map { it.debt }.toSet(),
        )
        val next = model.copy(asked = still, slips = slips)
        return if (still == all || next.chosen.isEmpty()) {
            Next(next.copy(review = event.review))
        } else {
            Next.of(next, PayEffect.Review(still, next.chosen))
        }
    }

    private fun back(model: PayModel): After = when {
        model.paying && model.stage != Stage.PAID -> Next(model)
        model.stage == Stage.REVIEW && model.growers != null ->
            Next.of(PayModel(growers = model.growers), PayEffect.ReadGrowers)
        else -> Next.of(model, PayEffect.Leave)
    }

    private fun Set<String>.turned(one: String): Set<String> = if (one in this) this - one else this + one
}
