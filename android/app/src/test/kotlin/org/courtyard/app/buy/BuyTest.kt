// Buying on the real core: what a steward does at the scale, and what goes wrong there.

package org.courtyard.app.buy

import android.app.DatePickerDialog
import android.os.Bundle
import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.ListView
import android.widget.TextView
import org.courtyard.app.Phone
import org.courtyard.app.R
import org.courtyard.app.screen.view
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowDialog

@Config(qualifiers = Phone.ZH)
class BuyTest : AtTheScale() {
    @Test
    fun `three purchases are saved offline with the core's own sums`() {
        county.stop()
        try {
            val slips = ArrayList<String>()
            buy {
                it.draft("王秀英", "菠菜", "A 等", "25.7", "1.5")
                assertEquals("¥38.72", it.text(R.id.total_amount))
                assertEquals("24.2 斤 (12.10 kg)", it.text(R.id.total_weight))
                slips += it.save()
                assertTrue("the slip takes its place", it.isFinishing)
            }
            clock.wallS += 300
            clock.uptimeS += 300
            buy {
                it.draft("李国华", "黄瓜", "A 等", "10")
                it.touch(R.id.more_lines)
                it.product("番茄")
                it.weigh("6", "1")
                it.weigh("8")
                it.touch(R.id.action)
                // 5 kg at 3.20, then 2.5 kg and 3.5 kg at 4.00: the tare of the crates stays.
                assertEquals("¥40.00", it.text(R.id.total_amount))
                slips += it.save()
            }
            clock.wallS += 300
            clock.uptimeS += 300
            buy {
                it.draft("赵桂兰", "菠菜", "B 等", "9.35")
                slips += it.save()
            }
            assertEquals(3, slips.toSet().size)
            val today = app.ledger.today()
            assertEquals(slips.reversed(), today.slips.map { it.id })
            assertEquals(3_872L + 4_000 + 1_216, today.amountFen)
            assertFalse(today.slipOpen)
        } finally {
            county.start()
        }
    }

    @Test
    fun `both units stand beside each other while one types`() = buy {
        it.choose("王秀英")
        it.product("黄瓜")
        it.keys("25.7")
        val gross = it.view<View>(R.id.gross)
        assertEquals("25.7", gross.findViewById<TextView>(R.id.typed_figure).text.toString())
        assertEquals("12.85 kg", gross.findViewById<TextView>(R.id.typed_other).text.toString())
        it.side("KG")
        assertEquals("51.4 斤", gross.findViewById<TextView>(R.id.typed_other).text.toString())
        assertEquals("51.4 斤 (25.70 kg)", it.text(R.id.net_typed))
    }

    @Test
    fun `a tare above the gross is refused in plain words and pointed at`() = buy {
        it.choose("王秀英")
        it.product("黄瓜")
        it.keys("1.5")
        it.side("FIGURE")
        it.keys("25")
        assertSays(it, "皮重不能大于或等于毛重，请重新过秤。")
        assertTrue(it.view<View>(R.id.tare).isActivated)
        assertFalse("it cannot be taken", it.view<View>(R.id.action).isEnabled)
        picture(it.window, "buy-zh-tare")
        it.touch(R.id.key_back)
        it.touch(R.id.key_back)
        it.keys("0.5")
        assertFalse(it.sees(R.id.weigh_problem))
        it.touch(R.id.action)
        val line = checkNotNull(app.ledger.openSlip()).lines.single()
        assertEquals("a mistyped weighing never stood in the draft", 1, line.weighings.size)
        assertEquals(500L, line.netG)
    }

    @Test
    fun `what no scale shows is refused before it is taken`() = buy {
        it.choose("王秀英")
        it.product("黄瓜")
        it.keys("99999")
        assertTrue(it.says(), it.sees(R.id.weigh_problem))
        assertFalse(it.view<View>(R.id.action).isEnabled)
        for (key in 1..5) it.touch(R.id.key_back)
        it.keys("0")
        assertFalse(it.view<View>(R.id.action).isEnabled)
    }

    @Test
    fun `the process dies in mid-draft and nothing is lost`() {
        buy {
            it.choose("王秀英")
            it.product("黄瓜")
            it.weigh("25.7", "1.5")
        }
        app.release()
        buy {
            assertStage(Stage.REVIEW, it)
            assertTrue(it.sees(R.id.resumed))
            assertSays(it, "24.2 斤 (12.10 kg)")
            picture(it.window, "buy-zh-resumed")
            it.save()
        }
        assertNull(app.ledger.openSlip())
    }

    @Test
    fun `a turned screen keeps what is typed and not yet taken`() {
        val kept = Bundle()
        buying().use { controller ->
            val it = controller.get()
            it.choose("王秀英")
            it.product("黄瓜")
            it.keys("25.7")
            controller.saveInstanceState(kept)
        }
        buying(kept).use { controller ->
            val it = controller.get()
            assertStage(Stage.WEIGH, it)
            assertEquals("25.7", it.view<View>(R.id.gross).findViewById<TextView>(R.id.typed_figure).text.toString())
            assertFalse("nothing was interrupted", it.sees(R.id.resumed))
            it.touch(R.id.action)
            assertEquals(12_850L, app.ledger.openSlip()?.netG)
        }
    }

    @Test
    fun `back leaves the draft, and the next visit goes on with it`() {
        buy {
            it.draft("王秀英", "黄瓜", "A 等", "25.7")
            @Suppress("DEPRECATION")
            it.onBackPressed()
            settle()
            assertTrue(it.isFinishing)
        }
        assertEquals(12_850L, app.ledger.openSlip()?.netG)
        buy { assertTrue(it.sees(R.id.resumed)) }
    }

    @Test
    fun `a double tap saves once`() = buy {
        it.draft("王秀英", "黄瓜", "A 等", "25.7")
        val action = it.view<View>(R.id.action)
        action.performClick()
        action.performClick()
        settle()
        assertEquals(1, app.ledger.today().slips.size)
        it.started()
        assertNull("no trouble is made of it", it.model.trouble)
    }

    @Test
    fun `the second touch of a double tap is not for the next stage`() = buy {
        it.choose("王秀英")
        it.product("黄瓜")
        it.weigh("25.7")
        it.touch(R.id.action)
        assertStage(Stage.REVIEW, it)
        val now = SystemClock.uptimeMillis()
        val soon = MotionEvent.obtain(now, now, MotionEvent.ACTION_DOWN, 0f, 0f, 0)
        assertTrue("it goes by", it.dispatchTouchEvent(soon))
        assertFalse(it.model.saving)
        soon.recycle()
    }

    @Test
    fun `a clock in the year 2000 is said, the day is asked once, and the slip is saved`() {
        app.release()
        clock.wallS = CLOCK_2000_S
        clock.uptimeS = 90
        buy {
            it.draft("王秀英", "黄瓜", "A 等", "25.7")
            assertSays(it, "手机时间不可靠")
            assertTrue(it.sees(R.id.asks_date))
            assertSays(it, "2000-01-01")
            assertSays(it, "今天是这一天吗？")
            picture(it.window, "buy-zh-clock-2000")
            it.touch(R.id.date_change)
            val dialog = ShadowDialog.getLatestDialog() as DatePickerDialog
            dialog.updateDate(2026, 5, 18)
            dialog.getButton(DatePickerDialog.BUTTON_POSITIVE).performClick()
            settle()
            assertFalse(it.sees(R.id.asks_date))
            assertEquals("2026-06-18", app.ledger.slip(it.save()).date)
        }
        clock.uptimeS += 30
        clock.wallS += 30
        buy {
            it.draft("李国华", "黄瓜", "A 等", "12")
            assertFalse("it is asked once a day", it.sees(R.id.asks_date))
            assertSays(it, "2026-06-18")
            it.save()
        }
    }

    @Test
    fun `a weighing that was made again stays visible`() = buy {
        it.draft("王秀英", "黄瓜", "A 等", "25.7")
        val row = it.view<LinearLayout>(R.id.lines).findViewById<LinearLayout>(R.id.line_rows).getChildAt(0)
        row.performClick()
        settle()
        assertStage(Stage.WEIGH, it)
        assertSays(it, "正在重称第 1 秤")
        it.weigh("24.7")
        assertSays(it, "第 1 秤，已重称")
        it.touch(R.id.action)
        val slip = app.ledger.slip(it.save())
        assertEquals(12_350L, slip.netG)
        assertEquals(listOf(12_850L), slip.lines.single().replaced.map { w -> w.grossG })
    }

    @Test
    fun `a second slip of the same weight is asked about and can be saved`() {
        buy {
            it.draft("王秀英", "黄瓜", "A 等", "25.7")
            it.save()
        }
        clock.wallS += 37
        clock.uptimeS += 37
        buy {
            it.draft("王秀英", "黄瓜", "A 等", "25.6")
            assertSays(it, "第二次")
            assertEquals("看过了，保存", it.text(R.id.action))
            it.save()
        }
        assertEquals(2, app.ledger.today().slips.size)
    }

    @Test
    fun `a deduction, an agreed price and a price to be fixed stand in the review`() = buy {
        it.draft("王秀英", "黄瓜", "A 等", "20")
        it.touch(R.id.line_deduct)
        it.keys("2")
        it.choices().first { choice -> choice.text == "水" }.performClick()
        settle()
        it.touch(R.id.action)
        assertSays(it, "2% 水")
        assertSays(it, "19.6 斤 (9.80 kg)")
        it.touch(R.id.line_price)
        it.keys("3.1")
        it.touch(R.id.action)
        assertSays(it, "3.10 元/斤 (6.20 元/kg)")
        assertSays(it, "是元/斤还是元/公斤？")
        picture(it.window, "buy-zh-double")
        it.touch(R.id.line_price)
        it.choices()[1].performClick()
        settle()
        assertSays(it, "待定价")
        assertEquals("¥0.00", it.text(R.id.total_amount))
        it.save()
    }

    private fun android.app.Activity.choices(): List<android.widget.Button> =
        view<LinearLayout>(R.id.entry_choices).let { box -> (0 until box.childCount).map { box.getChildAt(it) as android.widget.Button } }

    @Test
    fun `giving up asks, and can be taken back`() = buy {
        it.draft("王秀英", "黄瓜", "A 等", "25.7")
        it.touch(R.id.discard)
        assertSays(it, "放弃王秀英的这张单？")
        it.touch(R.id.discard_yes)
        assertStage(Stage.GROWER, it)
        assertNull(app.ledger.openSlip())
        picture(it.window, "buy-zh-undo")
        it.touch(R.id.undo)
        assertStage(Stage.REVIEW, it)
        assertEquals(12_850L, app.ledger.openSlip()?.netG)
    }

    @Test
    fun `a grower is found by initials, and who is not there is said`() = buy {
        it.view<EditText>(R.id.search).setText("lgh")
        settle()
        assertEquals(1, it.view<ListView>(R.id.list).adapter.count)
        it.view<EditText>(R.id.search).setText("zzz")
        settle()
        assertSays(it, "这里没有这户")
    }
}
