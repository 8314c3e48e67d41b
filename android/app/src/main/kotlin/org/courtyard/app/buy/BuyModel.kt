// 收购: what stands on the screen, what happens, what is to be done.

package org.courtyard.app.buy

import org.courtyard.app.look.Key
import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.OnScreen

/** One thing to do at a time. */
enum class Stage {
    /** The ledger is asked whether a slip is open. */
    OPENING,

    /** Whose produce. */
    GROWER,

    /** What is bought. */
    PRODUCT,

    /** In which grade. */
    GRADE,

    /** How much. */
    WEIGH,

    /** What is taken off. */
    DEDUCT,

    /** At which price. */
    PRICE,

    /** The whole slip, before it is saved. */
    REVIEW,
}

/** The units that are typed in; the other one always stands beside. */
enum class Measure(val suffix: String) { JIN("jin"), KG("kg"), SHARE("%") }

/** Which of the two figures of a weighing the pad types. */
enum class Figure { GROSS, TARE }

/** What was typed for a figure, and what the core reads in it. */
data class Typed(
    val text: String = "",
    val measure: Measure = Measure.JIN,
    /** Grams or li per kg, as the figure is; `null` until it was read. A share is read when it is kept. */
    val value: Long? = null,
    val trouble: Trouble? = null,
    /** It stands from the crate before: the next digit begins another figure. */
    val carried: Boolean = false,
) {
    /** Whether there is a figure to use. */
    val read: Boolean
        get() = text.isNotEmpty() && trouble == null && (value != null || measure == Measure.SHARE)
}

/** The weighing that is being typed. */
data class WeighPad(
    val gross: Typed = Typed(),
    val tare: Typed = Typed(),
    val at: Figure = Figure.GROSS,
    /** The weighing whose place it takes. */
    val replacing: Int? = null,
    /** The net weight, as the core computes it. */
    val netG: Long? = null,
    /** Why it cannot be taken. */
    val problem: Trouble? = null,
) {
    /** The figure that is typed. */
    val now: Typed get() = if (at == Figure.GROSS) gross else tare

    /** The pad with this figure in place of the one that is typed. */
    fun typing(typed: Typed): WeighPad =
        (if (at == Figure.GROSS) copy(gross = typed) else copy(tare = typed)).copy(netG = null, problem = null)

    /** Whether there is a weighing to take. */
    val ready: Boolean get() = gross.read && netG != null && problem == null

    /** Whether something is typed that was not taken yet. */
    val begun: Boolean get() = gross.text.isNotEmpty()
}

/** Where the screen was before Android took it down: small things that the draft does not hold. */
data class Spot(
    val stage: Stage,
    val line: Int,
    val weigh: WeighPad,
    val typed: Typed,
    val reason: String,
    val resumed: Boolean,
    val saving: Boolean,
)

/** What stands on the screen. */
data class BuyModel(
    val stage: Stage = Stage.OPENING,
    /** Where it was before, until the ledger is read. */
    val spot: Spot? = null,
    val search: String = "",
    val growers: List<GrowerRow> = emptyList(),
    val products: List<ProductRow> = emptyList(),
    /** The product whose grade is asked. */
    val product: ProductRow? = null,
    val slip: OpenSlip? = null,
    /** The line that is worked at, as the draft counts. */
    val line: Int = 0,
    /** The line is taken for another product; no new one is begun. */
    val changing: Boolean = false,
    val weigh: WeighPad = WeighPad(),
    /** What the pad types for a deduction or a price. */
    val typed: Typed = Typed(),
    /** Why something is taken off. */
    val reason: String = "",
    /** An edit is on its way to the ledger. */
    val busy: Boolean = false,
    /** It is being saved, or is saved: nothing of it is done twice. */
    val saving: Boolean = false,
    /** The slip was begun before this screen was opened. */
    val resumed: Boolean = false,
    /** Whether to give the slip up is asked. */
    val asksDiscard: Boolean = false,
    /** Whose slip was given up, while that can be taken back. */
    val discarded: String? = null,
    val trouble: Trouble? = null,
) {
    /** The line that is worked at. */
    val open: OpenLine? get() = slip?.line(line)

    /** Whether the slip can be saved now. */
    val ready: Boolean
        get() = slip != null && slip.lines.isNotEmpty() && slip.problems.isEmpty() && !busy && !saving
}

/** What happened. */
sealed interface BuyEvent {
    /** The ledger was asked: a slip is open, or none; and who was here last. */
    data class Opened(val slip: OpenSlip?, val growers: List<GrowerRow>, val measure: Measure) : BuyEvent

    /** Something is searched for. */
    data class Searched(val text: String) : BuyEvent

    /** Growers that fit what was searched for. */
    data class GrowersFound(val text: String, val growers: List<GrowerRow>) : BuyEvent

    /** Products that fit what was searched for. */
    data class ProductsFound(val text: String, val products: List<ProductRow>) : BuyEvent

    /** A grower was chosen. */
    data class GrowerChosen(val grower: GrowerRow) : BuyEvent

    /** A product was chosen. */
    data class ProductChosen(val product: ProductRow) : BuyEvent

    /** A grade was chosen. */
    data class GradeChosen(val letter: String) : BuyEvent

    /** A key of the pad was touched. */
    data class Pressed(val key: Key) : BuyEvent

    /** Gross or tare was touched. */
    data class FigureChosen(val figure: Figure) : BuyEvent

    /** The core read a weighing that is typed. */
    data class WeighingRead(val asked: WeighPad, val read: WeighPad) : BuyEvent

    /** The core read a deduction or a price that is typed. */
    data class TypedRead(val asked: Typed, val read: Typed) : BuyEvent

    /** The one action of the screen was touched. */
    data object Acted : BuyEvent

    /** A weighing was touched: weigh it again. */
    data class WeighAgain(val line: Int, val weighing: Int) : BuyEvent

    /** A weighing is to be taken away. */
    data class RemoveWeighing(val weighing: Int) : BuyEvent

    /** A deduction is to be taken back. */
    data class RemoveDeduction(val line: Int, val deduction: Int) : BuyEvent

    /** A line is to be weighed further. */
    data class WeighLine(val line: Int) : BuyEvent

    /** A line is to be taken for another product or grade. */
    data class ChangeLine(val line: Int) : BuyEvent

    /** A line is to be removed. */
    data class RemoveLine(val line: Int) : BuyEvent

    /** One more line is wanted. */
    data object MoreLines : BuyEvent

    /** Something is to be taken off the line. */
    data class DeductAsked(val line: Int) : BuyEvent

    /** Why something is taken off. */
    data class ReasonChosen(val reason: String) : BuyEvent

    /** The line's price is to be agreed. */
    data class PriceAsked(val line: Int) : BuyEvent

    /** The list and the contract price the line. */
    data object ListPrice : BuyEvent

    /** The price is fixed later. */
    data object PricePending : BuyEvent

    /** This day it is, says the steward. */
    data class DayConfirmed(val date: String) : BuyEvent

    /** The ledger keeps the draft as this edit made it. */
    data class Kept(val edit: Edit, val slip: OpenSlip) : BuyEvent

    /** The slip is saved, durably, under this number. */
    data class Saved(val id: String) : BuyEvent

    /** Give the slip up? */
    data object DiscardAsked : BuyEvent

    /** Yes, give it up. */
    data object DiscardConfirmed : BuyEvent

    /** No, go on. */
    data object DiscardDenied : BuyEvent

    /** It is given up; who was here last. */
    data class Discarded(val growers: List<GrowerRow>) : BuyEvent

    /** Bring it back. */
    data object UndoAsked : BuyEvent

    /** It was not done, for this reason. */
    data class Refused(val trouble: Trouble) : BuyEvent

    /** Back was touched. */
    data object Back : BuyEvent
}

/** What is to be done. */
sealed interface BuyEffect {
    /** Ask whether a slip is open. */
    data object Open : BuyEffect

    /** Look for growers. */
    data class FindGrowers(val text: String) : BuyEffect

    /** Look for products for this grower. */
    data class FindProducts(val text: String) : BuyEffect

    /** Read a weighing that is typed. */
    data class ReadWeighing(val line: Int, val pad: WeighPad) : BuyEffect

    /** Read a weight or a share that is typed. */
    data class ReadAmount(val typed: Typed) : BuyEffect

    /** Read a price that is typed. */
    data class ReadPrice(val typed: Typed) : BuyEffect

    /** Change the draft, durably. */
    data class Make(val edit: Edit) : BuyEffect

    /** Save the slip. */
    data object Save : BuyEffect

    /** Give the slip up; it can be brought back while the screen stands. */
    data object Discard : BuyEffect

    /** Remember the unit for the next weighing. */
    data class Prefer(val measure: Measure) : BuyEffect

    /** Show the saved slip. */
    data class OpenSlip(val id: String) : BuyEffect, OnScreen

    /** Leave; the draft stays where it is. */
    data object Leave : BuyEffect, OnScreen
}

/** A change of the draft. */
sealed interface Edit {
    /** Begin a slip for this grower. */
    data class Begin(val grower: String) : Edit

    /** Bring back the slip that was given up. */
    data object Restore : Edit

    /** Begin a line. */
    data class AddLine(val product: Int, val grade: String) : Edit

    /** Take a line for another product or grade. */
    data class ChangeLine(val line: Int, val product: Int, val grade: String) : Edit

    /** Remove a line. */
    data class RemoveLine(val line: Int) : Edit

    /** Take a weighing, in place of another one if that is named. */
    data class Weigh(val line: Int, val grossG: Long, val tareG: Long, val replacing: Int?) : Edit

    /** Take a weighing away. */
    data class RemoveWeighing(val line: Int, val weighing: Int) : Edit

    /** Take something off; the core reads the text. */
    data class Deduct(val line: Int, val text: String) : Edit

    /** Take a deduction back. */
    data class RemoveDeduction(val line: Int, val deduction: Int) : Edit

    /** Agree on a price; `null` leaves it to the list and the contract. */
    data class StatePrice(val line: Int, val liPerKg: Long?) : Edit

    /** Fix the price later. */
    data class SetPending(val line: Int) : Edit

    /** This day it is; it holds for the day's other slips too. */
    data class ConfirmDay(val date: String) : Edit
}
