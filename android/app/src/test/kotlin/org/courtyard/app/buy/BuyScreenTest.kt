// 收购's update: one thing at a time, nothing twice, and every way back.

package org.courtyard.app.buy

import org.courtyard.app.look.Key
import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class BuyScreenTest {
    private val wang = GrowerRow("H-A7K-1", "王秀英", "石桥村 2组")
    private val spinach = ProductRow(1, "菠菜", listOf(GradeRow("A", 3_200), GradeRow("B", 2_600)))
    private val tomato = ProductRow(3, "番茄", listOf(GradeRow("A", 4_000)))
    private val words = Trouble("purchase.tare_not_below_gross", "皮重不能大于毛重", "tare above gross")
    private val empty = OpenSlip(wang, "2026-06-18")
    private val line = OpenLine(0, 1, "菠菜", "A")
    private val weighed = line.copy(weighings = listOf(Weighed(0, 12_850, 750, 12_100)), netG = 12_100)

    private fun slip(vararg lines: OpenLine) = empty.copy(lines = lines.asList())

    private fun BuyModel.after(vararg events: BuyEvent): Next<BuyModel, BuyEffect> =
        events.fold(Next(this)) { next, event -> BuyScreen.update(next.model, event) }

    private fun weighing(slip: OpenSlip = slip(line)) = BuyModel(stage = Stage.WEIGH, slip = slip)

    private fun read(pad: WeighPad, gross: Long, tare: Long?, net: Long?, problem: Trouble? = null) = pad.copy(
        gross = pad.gross.copy(value = gross), tare = pad.tare.copy(value = tare), netG = net, problem = problem,
    )

    private fun keys(text: String): Array<BuyEvent> = text.map {
        BuyEvent.Pressed(if (it == '.') Key.Point else Key.Digit(it - '0'))
    }.toTypedArray()

    @Test
    fun `without an open slip it begins with whose produce it is`() {
        val opened = BuyModel().after(BuyEvent.Opened(null, listOf(wang), Measure.KG)).model
        assertEquals(Stage.GROWER, opened.stage)
        assertEquals(Measure.KG, opened.weigh.gross.measure)
        val begun = opened.after(BuyEvent.GrowerChosen(wang))
        assertEquals(listOf(BuyEffect.Make(Edit.Begin(wang.id))), begun.effects)
        assertTrue(begun.model.busy)
    }

    @Test
    fun `an open slip goes on where something is missing, and says so`() {
        fun resumed(slip: OpenSlip) = BuyModel().after(BuyEvent.Opened(slip, emptyList(), Measure.JIN)).model
        assertEquals(Stage.PRODUCT, resumed(empty).stage)
        assertEquals(Stage.WEIGH, resumed(slip(line)).stage)
        val whole = resumed(slip(weighed))
        assertEquals(Stage.REVIEW, whole.stage)
        assertTrue(whole.resumed)
    }

    @Test
    fun `a turned screen stands where it stood, with what was typed read again`() {
        val pad = WeighPad(gross = Typed("25.7"), replacing = 0)
        val spot = Spot(Stage.WEIGH, 0, pad, Typed(), "", resumed = false, saving = false)
        val again = BuyModel(spot = spot).after(BuyEvent.Opened(slip(weighed), emptyList(), Measure.JIN))
        assertEquals(Stage.WEIGH, again.model.stage)
        assertEquals(pad, again.model.weigh)
        assertFalse(again.model.resumed)
        assertEquals(listOf(BuyEffect.ReadWeighing(0, pad)), again.effects)
    }

    @Test
    fun `a slip that was saved while the screen was turned is not asked for again`() {
        val spot = Spot(Stage.REVIEW, 0, WeighPad(), Typed(), "", resumed = false, saving = true)
        val next = BuyModel(spot = spot).after(BuyEvent.Opened(null, emptyList(), Measure.JIN))
        assertEquals(listOf(BuyEffect.Leave), next.effects)
    }

    @Test
    fun `only the answer to what stands in the field is shown`() {
        val typing = BuyModel(stage = Stage.GROWER).after(BuyEvent.Searched("w"), BuyEvent.Searched("wx"))
        assertEquals(listOf(BuyEffect.FindGrowers("wx")), typing.effects)
        assertEquals(emptyList<GrowerRow>(), typing.model.after(BuyEvent.GrowersFound("w", listOf(wang))).model.growers)
        assertEquals(listOf(wang), typing.model.after(BuyEvent.GrowersFound("wx", listOf(wang))).model.growers)
    }

    @Test
    fun `a product with one grade is taken at once, one with several asks which`() {
        val products = BuyModel(stage = Stage.PRODUCT, slip = empty)
        assertEquals(
            listOf(BuyEffect.Make(Edit.AddLine(3, "A"))),
            products.after(BuyEvent.ProductChosen(tomato)).effects,
        )
        val asked = products.after(BuyEvent.ProductChosen(spinach))
        assertEquals(Stage.GRADE, asked.model.stage)
        val chosen = asked.model.after(BuyEvent.GradeChosen("B"))
        assertEquals(listOf(BuyEffect.Make(Edit.AddLine(1, "B"))), chosen.effects)
        val kept = chosen.model.after(BuyEvent.Kept(Edit.AddLine(1, "B"), slip(line))).model
        assertEquals(Stage.WEIGH, kept.stage)
        assertFalse(kept.busy)
    }

    @Test
    fun `every key asks the core what now stands there`() {
        val typed = weighing().after(*keys("25.7"))
        assertEquals("25.7", typed.model.weigh.gross.text)
        assertEquals(listOf(BuyEffect.ReadWeighing(0, typed.model.weigh)), typed.effects)
        val late = typed.model.weigh.copy(gross = Typed("25."))
        assertNull(typed.model.after(BuyEvent.WeighingRead(late, read(late, 12_500, null, 12_500))).model.weigh.netG)
    }

    @Test
    fun `the unit is of the figure that is typed, and is remembered`() {
        val typed = weighing().after(*keys("12"), BuyEvent.Pressed(Key.Side("KG")))
        assertEquals(Typed("12", Measure.KG), typed.model.weigh.gross)
        assertEquals(Measure.JIN, typed.model.weigh.tare.measure)
        assertTrue(BuyEffect.Prefer(Measure.KG) in typed.effects)
    }

    @Test
    fun `a weighing is taken once, then the pad is empty and the tare stays`() {
        val typed = weighing().after(*keys("25.7"), BuyEvent.Pressed(BuyScreen.NEXT_FIGURE), *keys("1.5")).model
        assertEquals(listOf<BuyEffect>(), typed.after(BuyEvent.Acted).effects)
        val ready = typed.after(BuyEvent.WeighingRead(typed.weigh, read(typed.weigh, 12_850, 750, 12_100))).model
        val taken = ready.after(BuyEvent.Acted)
        val edit = Edit.Weigh(0, 12_850, 750, null)
        assertEquals(listOf(BuyEffect.Make(edit)), taken.effects)
        assertEquals(emptyList<BuyEffect>(), taken.model.after(BuyEvent.Acted).effects)
        val kept = taken.model.after(BuyEvent.Kept(edit, slip(weighed))).model
        assertEquals("", kept.weigh.gross.text)
        assertEquals("1.5", kept.weigh.tare.text)
        assertEquals(Figure.GROSS, kept.weigh.at)
        assertEquals(Stage.REVIEW, kept.after(BuyEvent.Acted).model.stage)
        val another = kept.after(BuyEvent.Pressed(BuyScreen.NEXT_FIGURE), *keys("1.2")).model
        assertEquals("another tare begins anew", "1.2", another.weigh.tare.text)
    }

    @Test
    fun `what the core speaks against is not taken and stays on the pad`() {
        val typed = weighing().after(*keys("1")).model
        val against = typed.after(BuyEvent.WeighingRead(typed.weigh, read(typed.weigh, 500, 750, -250, words))).model
        val acted = against.after(BuyEvent.Acted)
        assertEquals(emptyList<BuyEffect>(), acted.effects)
        assertEquals(words, acted.model.weigh.problem)
        assertNull("another digit, another answer", acted.model.after(*keys("2")).model.weigh.problem)
    }

    @Test
    fun `weighing again takes the place of the one that was touched`() {
        val again = BuyModel(stage = Stage.REVIEW, slip = slip(weighed)).after(BuyEvent.WeighAgain(0, 0)).model
        assertEquals(Stage.WEIGH, again.stage)
        val typed = again.after(*keys("25")).model
        val ready = typed.after(BuyEvent.WeighingRead(typed.weigh, read(typed.weigh, 12_500, null, 12_500))).model
        assertEquals(
            listOf(BuyEffect.Make(Edit.Weigh(0, 12_500, 0, 0))), ready.after(BuyEvent.Acted).effects,
        )
    }

    @Test
    fun `a deduction is sent as the core reads it, with its reason`() {
        val asked = BuyModel(stage = Stage.REVIEW, slip = slip(weighed)).after(BuyEvent.DeductAsked(0)).model
        val typed = asked.after(*keys("2"), BuyEvent.ReasonChosen("泥")).model
        assertEquals(listOf(BuyEffect.Make(Edit.Deduct(0, "2%:泥"))), typed.after(BuyEvent.Acted).effects)
        val bare = asked.after(*keys("0.6"), BuyEvent.Pressed(Key.Side("JIN"))).model
        val read = bare.after(BuyEvent.TypedRead(bare.typed, bare.typed.copy(value = 300))).model
        assertEquals(listOf(BuyEffect.Make(Edit.Deduct(0, "0.6jin"))), read.after(BuyEvent.Acted).effects)
    }

    @Test
    fun `a slip is saved once, however often the action is touched`() {
        val review = BuyModel(stage = Stage.REVIEW, slip = slip(weighed))
        val saving = review.after(BuyEvent.Acted)
        assertEquals(listOf(BuyEffect.Save), saving.effects)
        assertEquals(emptyList<BuyEffect>(), saving.model.after(BuyEvent.Acted).effects)
        assertEquals(emptyList<BuyEffect>(), saving.model.after(BuyEvent.Back).effects)
        assertEquals(emptyList<BuyEffect>(), saving.model.after(BuyEvent.RemoveLine(0)).effects)
        val saved = saving.model.after(BuyEvent.Saved("A7K-000127"))
        assertEquals(listOf(BuyEffect.OpenSlip("A7K-000127")), saved.effects)
        assertEquals(emptyList<BuyEffect>(), saved.model.after(BuyEvent.Acted).effects)
    }

    @Test
    fun `a problem stops the save, a warning does not`() {
        val found = Finding(words, Place.Weighing(0, 0))
        val stopped = BuyModel(stage = Stage.REVIEW, slip = slip(weighed).copy(problems = listOf(found)))
        assertEquals(emptyList<BuyEffect>(), stopped.after(BuyEvent.Acted).effects)
        val warned = BuyModel(stage = Stage.REVIEW, slip = slip(weighed).copy(warnings = listOf(found)))
        assertEquals(listOf(BuyEffect.Save), warned.after(BuyEvent.Acted).effects)
    }

    @Test
    fun `a refusal is shown, and the slip can be saved after it`() {
        val refused = BuyModel(stage = Stage.REVIEW, slip = slip(weighed)).after(BuyEvent.Acted, BuyEvent.Refused(words)).model
        assertEquals(words, refused.trouble)
        assertEquals(listOf(BuyEffect.Save), refused.after(BuyEvent.Acted).effects)
    }

    @Test
    fun `the day that the steward confirms is kept by the core`() {
        val asks = BuyModel(stage = Stage.REVIEW, slip = slip(weighed).copy(asksDay = true))
        val said = asks.after(BuyEvent.DayConfirmed("2026-06-18"))
        assertEquals(listOf(BuyEffect.Make(Edit.ConfirmDay("2026-06-18"))), said.effects)
        val kept = said.model.after(BuyEvent.Kept(Edit.ConfirmDay("2026-06-18"), slip(weighed))).model
        assertEquals(Stage.REVIEW, kept.stage)
        assertEquals("a day that was not confirmed stops no save", listOf(BuyEffect.Save), asks.after(BuyEvent.Acted).effects)
    }

    @Test
    fun `back goes one step and never loses the draft`() {
        val slip = slip(weighed)
        fun back(stage: Stage, slip: OpenSlip?) = BuyModel(stage = stage, slip = slip, product = spinach).after(BuyEvent.Back)
        assertEquals(Stage.PRODUCT, back(Stage.GRADE, slip).model.stage)
        assertEquals(Stage.REVIEW, back(Stage.PRODUCT, slip).model.stage)
        assertEquals(Stage.REVIEW, back(Stage.WEIGH, slip).model.stage)
        assertEquals(Stage.REVIEW, back(Stage.PRICE, slip).model.stage)
        for ((stage, open) in listOf(Stage.REVIEW to slip, Stage.GROWER to null, Stage.PRODUCT to empty)) {
            assertEquals(listOf(BuyEffect.Leave), back(stage, open).effects)
        }
    }

    @Test
    fun `giving a slip up asks first and can be taken back`() {
        val asked = BuyModel(stage = Stage.REVIEW, slip = slip(weighed)).after(BuyEvent.DiscardAsked)
        assertEquals(emptyList<BuyEffect>(), asked.effects)
        assertFalse(asked.model.after(BuyEvent.Back).model.asksDiscard)
        val given = asked.model.after(BuyEvent.DiscardConfirmed)
        assertEquals(listOf(BuyEffect.Discard), given.effects)
        val gone = given.model.after(BuyEvent.Discarded(listOf(wang))).model
        assertEquals(Stage.GROWER, gone.stage)
        assertEquals("王秀英", gone.discarded)
        assertNull(gone.slip)
        val undone = gone.after(BuyEvent.UndoAsked)
        assertEquals(listOf(BuyEffect.Make(Edit.Restore)), undone.effects)
        val again = undone.model.after(BuyEvent.Kept(Edit.Restore, slip(weighed))).model
        assertEquals(Stage.REVIEW, again.stage)
        assertNull(again.discarded)
    }
}
