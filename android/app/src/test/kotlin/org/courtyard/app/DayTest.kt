// A whole day through the app's screens: enrol, see a contract, buy offline, pay, sync; and what can
// happen to a phone meanwhile.

package org.courtyard.app

import android.app.Activity
import android.os.Bundle
import android.widget.ListView
import android.widget.TextView
import org.courtyard.app.buy.BuyActivity
import org.courtyard.app.buy.BuyScreen
import org.courtyard.app.buy.Stage
import org.courtyard.app.device.MemoryKeystore
import org.courtyard.app.enrol.EnrolActivity
import org.courtyard.app.ledger.Sync
import org.courtyard.app.look.PadView
import org.courtyard.app.pay.PayActivity
import org.courtyard.app.pay.PayEvent
import org.courtyard.app.slip.SlipActivity
import org.courtyard.app.today.TodayActivity
import org.courtyard.app.pay.Stage as PayStage
import org.courtyard.core.SlipMark
import org.json.JSONObject
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@Config(qualifiers = Phone.ZH)
class DayTest : ScreenTest() {
    private lateinit var county: County

    @Before
    fun open() {
        MemoryKeystore.install()
        county = County().apply { start() }
    }

    @After
    fun close() = county.close()

    @Test
    fun `three purchases made offline and one payout are what the office has after the sync`() {
        signed()
        enrolled()
        county.stop()
        val first = bought("王秀英", "菠菜", "12.852" to "1.5")
        val second = bought("李国华", "黄瓜", "11.5" to "1.5", "9.5" to "1.5")
        val third = bought("王秀英", "菠菜", "21.5" to "1.5")
        assertEquals("three slips", 3, setOf(first, second, third).size)
        val paid = paid("李国华")
        today {
            assertEquals(Sync.Offline, it.model.sync)
            assertEquals("● is only said when it is true", listOf(SlipMark.WAITING), it.marks().distinct())
            assertEquals("○ 4 条待同步", it.text(R.id.waiting))
            picture(it.window, "day-zh-offline")
            county.start()
            it.touch(R.id.sync)
            waitFor("synced") { it.model.sync is Sync.Done }
            assertEquals("● 县社都已收到", it.text(R.id.waiting))
            assertEquals(listOf(SlipMark.SYNCED), it.marks().distinct())
            picture(it.window, "day-zh-synced")
        }
        val slips = officeSlips()
        // The contract takes 20 kg at 5.00: all 11.352 kg of the first, 8.648 kg of the third, whose
        // other 11.352 kg are at the list's 3.20.
        assertEquals(5_676L, slips.getValue(first).getLong("amount_fen"))
        assertEquals(7_957L, slips.getValue(third).getLong("amount_fen"))
        assertEquals(5_760L, slips.getValue(second).getLong("amount_fen"))
        assertEquals(18_000L, slips.getValue(second).getLong("net_g"))
        assertEquals("all of the second is paid", paid, slips.getValue(second).getLong("paid_fen"))
        assertEquals(0L, slips.getValue(first).getLong("paid_fen"))
    }

    @Test
    fun `a process that dies in the middle of a slip costs nothing`() {
        enrolled()
        val kept = Bundle()
        Robolectric.buildActivity(BuyActivity::class.java).use { controller ->
            val buy = controller.setup().get()
            buy.begin("王秀英", "菠菜")
            buy.weigh("12.852" to "1.5")
            controller.saveInstanceState(kept)
        }
        app.release()
        today { assertEquals(it.say(R.string.today_buy_on), it.text(R.id.buy)) }
        Robolectric.buildActivity(BuyActivity::class.java).use { controller ->
            val buy = controller.create(kept).start().restoreInstanceState(kept).resume().visible().get()
            waitFor("the slip is there again") { buy.model.slip != null && buy.model.stage != Stage.OPENING }
            assertEquals(11_352L, buy.model.slip?.netG)
            picture(buy.window, "buy-zh-resumed")
            buy.weigh("9.5" to "1.5")
            val id = buy.save()
            assertEquals(19_352L, app.ledger.slip(id).netG)
        }
    }

    /** A contract that another phone of the village signed with 王秀英: 20 kg of 菠菜 at 5.00 a kilogram. */
    private fun signed() {
        county.phone("p2", "sync")
        val found = county.phone("p2", "search", "王秀英").toString()
        val grower = Regex("H-[0-9A-Z-]+").find(found)?.value
        county.phone(
            "p2", "contract", "sign", "--grower", checkNotNull(grower) { found }, "--product", "菠菜",
            "--area", "0.3mu", "--quantity", "40jin", "--floor", "2.50/jin",
            "--from", "2020-01-01", "--to", "2099-12-31",
        )
        county.phone("p2", "sync")
    }

    private fun enrolled() = Robolectric.buildActivity(EnrolActivity::class.java).use { controller ->
        val enrol = controller.setup().get()
        enrol.type(R.id.invitation, county.invitation())
        enrol.touch(R.id.enrol)
        waitFor("enrolled") { enrol.isFinishing }
    }

    private fun <T> today(then: (TodayActivity) -> T): T =
        Robolectric.buildActivity(TodayActivity::class.java).use { controller ->
            val today = controller.setup().get()
            waitFor("the day is read and the sync is over") {
                today.model.day != null && today.model.sync !is Sync.Running && today.model.sync != Sync.Still
            }
            settle()
            then(today)
        }

    private fun TodayActivity.marks() = model.day?.slips.orEmpty().map { it.mark }

    /** Buys grade A by the screens; the slip's number. */
    private fun bought(grower: String, product: String, vararg weighings: Pair<String, String>): String =
        Robolectric.buildActivity(BuyActivity::class.java).use { controller ->
            val buy = controller.setup().get()
            buy.begin(grower, product)
            weighings.forEach { buy.weigh(it) }
            buy.save()
        }

    private fun BuyActivity.begin(grower: String, product: String) {
        waitFor("who comes") { model.stage == Stage.GROWER && model.growers.isNotEmpty() }
        choose(R.id.list, grower)
        waitFor("what is bought") { model.stage == Stage.PRODUCT && model.products.isNotEmpty() }
        choose(R.id.list, product)
        waitFor("which grade") { model.stage == Stage.GRADE || model.stage == Stage.WEIGH }
        if (model.stage == Stage.GRADE) choose(R.id.list, "A")
        waitFor("the scale") { model.stage == Stage.WEIGH }
    }

    /** Types gross and tare in kilograms on the pad, and takes them. */
    private fun BuyActivity.weigh(weighing: Pair<String, String>) {
        val pad = findViewById<PadView>(R.id.pad)
        val before = model.open?.counted ?: 0
        press(pad, weighing.first)
        checkNotNull(pad.side(BuyScreen.NEXT_FIGURE.name)).performClick()
        settle()
        press(pad, weighing.second)
        touch(R.id.action)
        waitFor("it is taken") { (model.open?.counted ?: 0) == before + 1 }
    }

    private fun BuyActivity.press(pad: PadView, figure: String) {
        checkNotNull(pad.side("KG")).takeUnless { it.isSelected }?.performClick()
        settle()
        for (digit in figure) {
            val name = if (digit == '.') "key_point" else "key_$digit"
            touch(resources.getIdentifier(name, "id", packageName))
        }
    }

    private fun BuyActivity.save(): String {
        touch(R.id.action)
        waitFor("the review") { model.stage == Stage.REVIEW }
        touch(R.id.action)
        waitFor("saved") { isFinishing }
        val next = shadowOf(this).nextStartedActivity
        assertEquals(SlipActivity::class.java.name, next?.component?.className)
        return checkNotNull(next.getStringExtra("slip"))
    }

    /** Pays all that is owed to this grower; what the slips were paid. */
    private fun paid(grower: String): Long = Robolectric.buildActivity(PayActivity::class.java).use { controller ->
        val pay = controller.setup().get()
        waitFor("who is owed") { pay.model.growers?.isNotEmpty() == true }
        val owed = checkNotNull(pay.model.growers?.find { it.growerName == grower })
        pay.send(PayEvent.GrowerChosen(owed.grower))
        waitFor("what is paid") { pay.model.review != null }
        pay.touch(R.id.pay_action)
        waitFor("paid") { pay.model.stage == PayStage.PAID }
        owed.owedFen
    }

    private fun Activity.choose(list: Int, name: String) {
        val view = findViewById<ListView>(list)
        val place = (0 until view.adapter.count).first { row ->
            view.adapter.getView(row, null, view).findViewById<TextView>(R.id.choice_name).text.contains(name)
        }
        assertTrue(view.performItemClick(view.adapter.getView(place, null, view), place, place.toLong()))
        settle()
    }

    private fun officeSlips(): Map<String, JSONObject> {
        val rows = county.office("report", "slips").getJSONArray("slips")
        return (0 until rows.length()).map(rows::getJSONObject).associateBy { it.getString("slip") }
    }
}
