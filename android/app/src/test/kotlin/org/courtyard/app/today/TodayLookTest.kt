// Pictures of the day's screen with every state a slip can have, in both languages, day, night, large.

package org.courtyard.app.today

import android.view.View
import org.courtyard.app.Phone
import org.courtyard.app.R
import org.courtyard.app.ScreenTest
import org.courtyard.app.ledger.Sync
import org.courtyard.core.SlipInList
import org.courtyard.core.SlipMark
import org.courtyard.core.Today
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.annotation.Config

class TodayLookTest : ScreenTest() {
    private fun slip(number: Int, name: String, grams: Long, fen: Long, mark: SlipMark) =
        SlipInList("A7K-000$number", "H-003-1", name, "2026-06-18", grams, fen, fen, mark)

    private val slips = listOf(
        slip(131, "王秀英", 29_250, 9_360, SlipMark.WAITING),
        slip(130, "李国华", 11_352, 3_621, SlipMark.SYNCED),
        slip(129, "赵桂兰", 18_000, 5_549, SlipMark.QUESTION),
        slip(128, "欧阳建国", 6_500, 2_080, SlipMark.VOID),
        slip(127, "王秀英", 123_456, 39_506, SlipMark.HELD),
    )
    private val day = Today(
        device = "A7K", village = "石桥村", date = "2026-06-18",
        count = 3u, netG = 188_558, settlementG = 182_058, amountFen = 58_036, slips = slips, floatFen = 152_340, advancedFen = 0, waiting = 3u,
        lastSyncS = READ_S - 1_000, slipOpen = false, asksForDay = false, revoked = false,
    )

    private fun shown(model: TodayModel, name: String, check: (TodayActivity) -> Unit = {}) {
        Robolectric.buildActivity(TodayActivity::class.java).use { controller ->
            val activity = controller.setup().get()
            settle()
            model.day?.let { activity.send(TodayEvent.Read(it, READ_S)) }
            activity.send(TodayEvent.SyncIs(model.sync))
            picture(activity.window, name)
            activity.assertTargets()
            check(activity)
        }
    }

    @Test
    @Config(qualifiers = Phone.ZH)
    fun `the day stands in figures with its slips below`() = shown(TodayModel(day), "today-zh") {
        assertEquals("364.116 斤\n182.058 kg", it.text(R.id.weight))
        assertEquals("¥580.36", it.text(R.id.money))
        assertEquals("what is taken back or held does not count", "3 张单", it.text(R.id.count))
        assertEquals("○ 3 条待同步", it.text(R.id.waiting))
        assertEquals("2026年6月18日 星期四", it.text(R.id.date))
    }

    @Test
    @Config(qualifiers = Phone.EN_NIGHT)
    fun `by night the same day is dark`() =
        shown(TodayModel(day, Sync.Done(3, 12)), "today-en-night") {
            assertEquals("Thursday 18 June 2026", it.text(R.id.date))
        }

    @Test
    @Config(qualifiers = Phone.ZH_NIGHT)
    fun `airplane mode is said in calm words`() =
        shown(TodayModel(day.copy(slipOpen = true, floatFen = -5_000, advancedFen = 5_000), Sync.Offline), "today-zh-night-offline") {
            assertTrue(it.text(R.id.sync_words).startsWith("没有信号"))
            assertEquals("您已垫付", it.text(R.id.float_label))
        }

    @Test
    @Config(qualifiers = Phone.EN)
    fun `an empty day says what to do`() {
        val empty = day.copy(count = 0u, settlementG = 0, amountFen = 0, slips = emptyList(), waiting = 0u, lastSyncS = null)
        shown(TodayModel(empty), "today-en-empty") { assertTrue(it.sees(R.id.empty)) }
    }

    @Test
    @Config(qualifiers = Phone.ZH)
    fun `a clock that cannot be right is asked about, in words`() =
        shown(TodayModel(day.copy(date = "2000-01-01", asksForDay = true), Sync.Offline), "today-zh-clock") {
            assertTrue(it.text(R.id.clock_words).contains("2000年1月1日"))
            assertTrue(it.sees(R.id.say_day))
        }

    @Test
    @Config(qualifiers = Phone.EN)
    fun `a phone that the district ended says what becomes of its slips`() =
        shown(TodayModel(day.copy(revoked = true)), "today-en-revoked") {
            assertTrue(it.text(R.id.revoked).contains("sent with the next sync"))
            assertFalse("nothing new is begun", it.findViewById<View>(R.id.buy).isEnabled)
        }

    @Test
    @Config(qualifiers = Phone.ZH_SMALL)
    fun `large text on a small phone still fits`() {
        Phone.largeText()
        shown(TodayModel(day, Sync.Running(2, 17)), "today-zh-small-large")
    }

    private companion object {
        const val READ_S = 1_781_737_000L
    }
}
