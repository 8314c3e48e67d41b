// 收购: the pure update. It decides what stands on the screen next; what is allowed the core says.

package org.courtyard.app.buy

import org.courtyard.app.look.Key
import org.courtyard.app.look.Pad
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.Screen

private typealias After = Next<BuyModel, BuyEffect>

/** The screen itself. */
object BuyScreen : Screen<BuyModel, BuyEvent, BuyEffect> {
    override fun update(model: BuyModel, event: BuyEvent): After = when (event) {
        is BuyEvent.Opened -> opened(model, event)
        is BuyEvent.Searched -> searched(model, event.text)
        is BuyEvent.GrowersFound ->
            Next(if (event.text == model.search) model.copy(growers = event.growers) else model)
        is BuyEvent.ProductsFound ->
            Next(if (event.text == model.search) model.copy(products = event.products) else model)
        is BuyEvent.GrowerChosen -> make(model.copy(discarded = null), Edit.Begin(event.grower.id))
        is BuyEvent.ProductChosen -> productChosen(model, event.product)
        is BuyEvent.GradeChosen -> model.product?.let { lined(model, it.number, event.letter) } ?: Next(model)
        is BuyEvent.Pressed -> pressed(model, event.key)
        is BuyEvent.FigureChosen -> Next(model.copy(weigh = model.weigh.copy(at = event.figure)))
        is BuyEvent.WeighingRead ->
            Next(if (event.asked == model.weigh) model.copy(weigh = event.read) else model)
        is BuyEvent.TypedRead ->
            Next(if (event.asked == model.typed) model.copy(typed = event.read) else model)
        BuyEvent.Acted -> acted(model)
        is BuyEvent.WeighAgain -> Next(
            model.toStage(Stage.WEIGH, event.line)
                .let { it.copy(weigh = it.weigh.copy(replacing = event.weighing)) },
        )
        is BuyEvent.RemoveWeighing -> make(model, Edit.RemoveWeighing(model.line, event.weighing))
        is BuyEvent.RemoveDeduction -> make(model, Edit.RemoveDeduction(event.line, event.deduction))
        is BuyEvent.WeighLine -> Next(model.toStage(Stage.WEIGH, event.line))
        is BuyEvent.ChangeLine -> toProducts(model.copy(line = event.line, changing = true))
        is BuyEvent.RemoveLine -> make(model, Edit.RemoveLine(event.line))
        BuyEvent.MoreLines -> toProducts(model.copy(changing = false))
        is BuyEvent.DeductAsked ->
            Next(model.toStage(Stage.DEDUCT, event.line).copy(typed = Typed(measure = Measure.SHARE), reason = ""))
        is BuyEvent.ReasonChosen ->
            Next(model.copy(reason = if (event.reason == model.reason) "" else event.reason))
        is BuyEvent.PriceAsked ->
            Next(model.toStage(Stage.PRICE, event.line).copy(typed = Typed(measure = Measure.JIN)))
        BuyEvent.ListPrice -> make(model, Edit.StatePrice(model.line, null))
        BuyEvent.PricePending -> make(model, Edit.SetPending(model.line))
        is BuyEvent.DayConfirmed -> make(model, Edit.ConfirmDay(event.date))
        is BuyEvent.Kept -> kept(model.copy(busy = false, slip = event.slip, trouble = null), event.edit)
        is BuyEvent.Saved -> Next.of(model, BuyEffect.OpenSlip(event.id))
        BuyEvent.DiscardAsked -> Next(model.copy(asksDiscard = model.slip != null && !model.saving))
        BuyEvent.DiscardConfirmed ->
            if (model.asksDiscard) Next.of(model.copy(busy = true), BuyEffect.Discard) else Next(model)
        BuyEvent.DiscardDenied -> Next(model.copy(asksDiscard = false))
        is BuyEvent.Discarded -> Next(
            BuyModel(
                stage = Stage.GROWER,
                growers = event.growers,
                discarded = model.slip?.grower?.name,
                weigh = fresh(model.weigh.gross.measure),
            ),
        )
        BuyEvent.UndoAsked ->
            if (model.discarded != null) make(model, Edit.Restore) else Next(model)
        is BuyEvent.Refused -> Next(model.copy(busy = false, saving = false, trouble = event.trouble))
        BuyEvent.Back -> back(model)
    }

    private fun opened(model: BuyModel, event: BuyEvent.Opened): After {
        val spot = model.spot
        val known = model.copy(growers = event.growers, weigh = fresh(event.measure), spot = null)
        val slip = event.slip
        return when {
            // It was saved while the screen was turned: the day's list shows it.
            slip == null && spot?.saving == true -> Next.of(known, BuyEffect.Leave)
            slip == null -> Next(known.copy(stage = Stage.GROWER))
            spot == null -> resume(known.copy(slip = slip, resumed = true))
            else -> again(known.copy(slip = slip), spot)
        }
    }

    /** Back to where the screen was, with what was typed and not yet taken. */
    private fun again(model: BuyModel, spot: Spot): After {
        val there = model.copy(
            stage = spot.stage, line = spot.line, weigh = spot.weigh, typed = spot.typed,
            reason = spot.reason, resumed = spot.resumed,
        )
        return when (spot.stage) {
            Stage.WEIGH -> Next.of(there, BuyEffect.ReadWeighing(spot.line, spot.weigh))
            Stage.DEDUCT -> Next.of(there, BuyEffect.ReadAmount(spot.typed))
            Stage.PRICE -> Next.of(there, BuyEffect.ReadPrice(spot.typed))
            Stage.REVIEW -> Next(there)
            else -> resume(there)
        }
    }

    /** Where an open slip goes on: at what is still missing. */
    private fun resume(model: BuyModel): After {
        val last = model.slip?.lines?.lastOrNull() ?: return toProducts(model)
        val stage = if (last.counted == 0) Stage.WEIGH else Stage.REVIEW
        return Next(model.toStage(stage, last.number))
    }

    private fun searched(model: BuyModel, text: String): After = when {
        text == model.search -> Next(model)
        model.stage == Stage.GROWER -> Next.of(model.copy(search = text), BuyEffect.FindGrowers(text))
        model.stage == Stage.PRODUCT -> Next.of(model.copy(search = text), BuyEffect.FindProducts(text))
        else -> Next(model)
    }

    private fun toProducts(model: BuyModel): After =
        Next.of(model.copy(stage = Stage.PRODUCT, search = "", product = null), BuyEffect.FindProducts(""))

    private fun productChosen(model: BuyModel, product: ProductRow): After {
        val only = product.grades.singleOrNull()
        return if (only != null) {
            lined(model, product.number, only.letter)
        } else {
            Next(model.copy(stage = Stage.GRADE, product = product))
        }
    }

    private fun lined(model: BuyModel, product: Int, grade: String): After =
        make(
            model,
            if (model.changing) Edit.ChangeLine(model.line, product, grade) else Edit.AddLine(product, grade),
        )

    private fun pressed(model: BuyModel, key: Key): After = when (model.stage) {
        Stage.WEIGH -> weighing(model, key)
        Stage.DEDUCT -> typing(model, key, BuyEffect::ReadAmount)
        Stage.PRICE -> typing(model, key, BuyEffect::ReadPrice)
        else -> Next(model)
    }

    private fun weighing(model: BuyModel, key: Key): After {
        val pad = model.weigh
        if (key == NEXT_FIGURE) {
            val other = if (pad.at == Figure.GROSS) Figure.TARE else Figure.GROSS
            return Next(model.copy(weigh = pad.copy(at = other)))
        }
        val now = pad.now
        val measure = measureOf(key)
        val typed = when {
            measure != null -> Typed(now.text, measure, carried = now.carried)
            now.carried && (key is Key.Digit || key == Key.Point) -> Typed(Pad.press("", key), now.measure)
            else -> Typed(Pad.press(now.text, key), now.measure)
        }
        val same = typed.text == now.text && typed.measure == now.measure && typed.carried == now.carried
        if (same) return Next(model)
        val next = model.copy(weigh = pad.typing(typed), trouble = null)
        val read = BuyEffect.ReadWeighing(model.line, next.weigh)
        return if (measure == null) Next.of(next, read) else Next.of(next, BuyEffect.Prefer(measure), read)
    }

    private fun typing(model: BuyModel, key: Key, read: (Typed) -> BuyEffect): After {
        val now = model.typed
        val typed = Typed(Pad.press(now.text, key), measureOf(key) ?: now.measure)
        if (typed.text == now.text && typed.measure == now.measure) return Next(model)
        return Next.of(model.copy(typed = typed, trouble = null), read(typed))
    }

    private fun acted(model: BuyModel): After = when (model.stage) {
        Stage.WEIGH -> weighed(model)
        Stage.DEDUCT -> model.typed.takeIf(Typed::read)?.let {
            make(model, Edit.Deduct(model.line, deduction(it, model.reason)))
        } ?: Next(model)
        Stage.PRICE -> model.typed.takeIf(Typed::read)?.let {
            make(model, Edit.StatePrice(model.line, it.value))
        } ?: Next(model)
        Stage.REVIEW ->
            if (model.ready) {
                Next.of(model.copy(saving = true, asksDiscard = false, trouble = null), BuyEffect.Save)
            } else {
                Next(model)
            }
        else -> Next(model)
    }

    /** As the core reads it: `2%:泥`, `0.6jin`. */
    private fun deduction(typed: Typed, reason: String): String {
        val amount = Pad.number(typed.text) + typed.measure.suffix
        return if (reason.isEmpty()) amount else "$amount:$reason"
    }

    private fun weighed(model: BuyModel): After {
        val pad = model.weigh
        val gross = pad.gross.value
        return when {
            pad.ready && gross != null ->
                make(model, Edit.Weigh(model.line, gross, pad.tare.value ?: 0, pad.replacing))
            // What cannot be taken stays on the pad, with the words that say why.
            pad.begun -> Next(model)
            model.open.let { it != null && it.counted > 0 } && !model.busy -> Next(model.copy(stage = Stage.REVIEW))
            else -> Next(model)
        }
    }

    private fun kept(model: BuyModel, edit: Edit): After = when (edit) {
        is Edit.Begin -> toProducts(model.copy(resumed = false, changing = false))
        Edit.Restore -> resume(model.copy(discarded = null))
        is Edit.AddLine -> {
            val added = model.slip?.lines?.lastOrNull()?.number ?: model.line
            Next(model.toStage(Stage.WEIGH, added))
        }
        is Edit.ChangeLine -> Next(model.toStage(Stage.REVIEW, edit.line))
        is Edit.Weigh -> Next(model.copy(weigh = after(model.weigh), resumed = false))
        is Edit.RemoveLine ->
            if (model.slip?.lines.orEmpty().isEmpty()) toProducts(model.copy(changing = false)) else Next(model)
        is Edit.RemoveWeighing -> Next(model.copy(weigh = model.weigh.copy(replacing = null)))
        is Edit.Deduct, is Edit.StatePrice, is Edit.SetPending -> Next(model.toStage(Stage.REVIEW, model.line))
        is Edit.ConfirmDay, is Edit.RemoveDeduction -> Next(model)
    }

    /** The same crates have the same tare: it stays until another one is typed. */
    private fun after(pad: WeighPad): WeighPad =
        WeighPad(gross = Typed(measure = pad.gross.measure), tare = pad.tare.copy(carried = true))

    private fun fresh(measure: Measure) = WeighPad(gross = Typed(measure = measure), tare = Typed(measure = measure))

    private fun BuyModel.toStage(stage: Stage, line: Int): BuyModel {
        val pad = if (line == this.line) weigh.copy(replacing = null) else fresh(weigh.gross.measure)
        return copy(stage = stage, line = line, weigh = pad, changing = false, product = null, asksDiscard = false)
    }

    private fun make(model: BuyModel, edit: Edit): After =
        if (model.busy || model.saving) {
            Next(model)
        } else {
            Next.of(model.copy(busy = true, trouble = null), BuyEffect.Make(edit))
        }

    private fun back(model: BuyModel): After {
        if (model.asksDiscard) return Next(model.copy(asksDiscard = false))
        if (model.saving) return Next(model)
        val begun = model.slip?.lines.orEmpty().isNotEmpty()
        return when (model.stage) {
            Stage.GRADE -> Next(model.copy(stage = Stage.PRODUCT, product = null))
            Stage.PRODUCT ->
                if (begun) Next(model.toStage(Stage.REVIEW, model.line)) else Next.of(model, BuyEffect.Leave)
            Stage.DEDUCT, Stage.PRICE -> Next(model.toStage(Stage.REVIEW, model.line))
            Stage.WEIGH -> Next(model.toStage(Stage.REVIEW, model.line))
            Stage.OPENING, Stage.GROWER, Stage.REVIEW -> Next.of(model, BuyEffect.Leave)
        }
    }

    private fun measureOf(key: Key): Measure? = (key as? Key.Side)?.let { side ->
        Measure.entries.find { it.name == side.name }
    }

    /** The side key that goes from gross to tare and back. */
    val NEXT_FIGURE = Key.Side("FIGURE")
}
