// What 收购 asks the ledger. Every edit is on disk when it answers.

package org.courtyard.app.buy

import android.content.SharedPreferences
import org.courtyard.app.Courtyard
import org.courtyard.app.ledger.trouble
import org.courtyard.app.look.Pad
import org.courtyard.core.CourtyardException
import org.courtyard.core.WeightUnit
import org.courtyard.core.readPrice
import org.courtyard.core.readWeight
import org.courtyard.core.Courtyard as Ledger

/** Does the effects of 收购 that touch no screen; off the main thread. */
class Counter(private val courtyard: Courtyard, private val tastes: SharedPreferences) {
    private val ledger: Ledger get() = courtyard.ledger

    /** The slip that was given up last, while that can be taken back. */
    private var givenUp: ByteArray? = null

    /** Does it, and tells what came of it. */
    @Throws(CourtyardException::class)
    fun perform(effect: BuyEffect): BuyEvent? = when (effect) {
        BuyEffect.Open -> BuyEvent.Opened(ledger.openSlip()?.let(::shown), growers(""), measure())
        is BuyEffect.FindGrowers -> BuyEvent.GrowersFound(effect.text, growers(effect.text))
        is BuyEffect.FindProducts -> BuyEvent.ProductsFound(effect.text, products(effect.text))
        is BuyEffect.ReadWeighing -> BuyEvent.WeighingRead(effect.pad, read(effect.line, effect.pad))
        is BuyEffect.ReadAmount -> BuyEvent.TypedRead(effect.typed, weight(effect.typed))
        is BuyEffect.ReadPrice -> BuyEvent.TypedRead(effect.typed, price(effect.typed))
        is BuyEffect.Make -> BuyEvent.Kept(effect.edit, shown(make(effect.edit)))
        BuyEffect.Save -> BuyEvent.Saved(ledger.saveOpenSlip().id)
        BuyEffect.Discard -> {
            givenUp = ledger.discardOpenSlip()
            BuyEvent.Discarded(growers(""))
        }
        is BuyEffect.Prefer -> {
            tastes.edit().putString(MEASURE, effect.measure.name).apply()
            null
        }
        is BuyEffect.OpenSlip, BuyEffect.Leave -> null
    }

    private fun make(edit: Edit): org.courtyard.core.OpenSlip = when (edit) {
        is Edit.Begin -> ledger.beginSlip(edit.grower)
        Edit.Restore -> ledger.restoreOpenSlip(givenUp ?: ByteArray(0)).also { givenUp = null }
        is Edit.AddLine -> ledger.addLine(edit.product.toUInt(), edit.grade)
        is Edit.ChangeLine -> ledger.changeLine(edit.line.toUInt(), edit.product.toUInt(), edit.grade)
        is Edit.RemoveLine -> ledger.removeLine(edit.line.toUInt())
        is Edit.Weigh -> edit.replacing?.let { other ->
            ledger.replaceWeighing(edit.line.toUInt(), other.toUInt(), edit.grossG, edit.tareG)
        } ?: ledger.weigh(edit.line.toUInt(), edit.grossG, edit.tareG)
        is Edit.RemoveWeighing -> ledger.removeWeighing(edit.line.toUInt(), edit.weighing.toUInt())
        is Edit.Deduct -> ledger.deduct(edit.line.toUInt(), edit.text)
        is Edit.RemoveDeduction -> ledger.removeDeduction(edit.line.toUInt(), edit.deduction.toUInt())
        is Edit.StatePrice -> {
            // An agreed price, or the list's, is a price: it is not to be fixed later any more.
            ledger.setPending(edit.line.toUInt(), false)
            ledger.statePrice(edit.line.toUInt(), edit.liPerKg)
        }
        is Edit.SetPending -> {
            ledger.statePrice(edit.line.toUInt(), null)
            ledger.setPending(edit.line.toUInt(), true)
        }
        is Edit.ConfirmDay -> {
            ledger.confirmDay(edit.date)
            checkNotNull(ledger.openSlip()) { "the slip was open" }
        }
    }

    /** The open slip, its grower as the register shows them. */
    private fun shown(slip: org.courtyard.core.OpenSlip): OpenSlip =
        slip.shown(ledger.grower(slip.grower).row(), ledger.asksForDay())

    private fun growers(text: String): List<GrowerRow> {
        val found = if (text.isBlank()) ledger.growers(VILLAGE) else ledger.searchGrowers(text, FOUND)
        return found.map { it.row() }
    }

    private fun products(text: String): List<ProductRow> {
        val grower = ledger.openSlip()?.grower
        val found = if (text.isBlank()) ledger.products(grower) else ledger.searchProducts(text, grower)
        return found.map { it.row() }
    }

    private fun read(line: Int, pad: WeighPad): WeighPad {
        val (gross, tare) = weight(pad.gross) to weight(pad.tare)
        val read = pad.copy(gross = gross, tare = tare)
        val grossG = gross.value ?: return read
        if (tare.text.isNotEmpty() && tare.value == null) return read
        val tried = ledger.tryWeighing(line.toUInt(), grossG, tare.value ?: 0, pad.replacing?.toUInt())
        return read.copy(netG = tried.netG, problem = tried.problems.firstOrNull()?.said())
    }

    private fun weight(typed: Typed): Typed = when (typed.measure) {
        Measure.SHARE -> typed
        Measure.JIN -> typed.read { readWeight(it, WeightUnit.JIN) }
        Measure.KG -> typed.read { readWeight(it, WeightUnit.KG) }
    }

    private fun price(typed: Typed): Typed =
        typed.read { readPrice(it, if (typed.measure == Measure.KG) WeightUnit.KG else WeightUnit.JIN) }

    /** What the core reads in it, or its words about what it cannot read. */
    private fun Typed.read(by: (String) -> Long): Typed {
        if (text.isEmpty()) return copy(value = null, trouble = null)
        return try {
            copy(value = by(Pad.number(text)), trouble = null)
        } catch (refusal: CourtyardException) {
            copy(value = null, trouble = refusal.trouble())
        }
    }

    private fun measure(): Measure =
        Measure.entries.find { it.name == tastes.getString(MEASURE, null) } ?: Measure.JIN

    private companion object {
        const val MEASURE = "measure"

        /** A village has fewer. */
        const val VILLAGE = 1_000u

        /** More than this nobody reads through. */
        const val FOUND = 50u
    }
}
