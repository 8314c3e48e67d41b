// A saved slip and its payout on the real core.

package org.courtyard.app.slip

import android.os.Bundle
import android.view.View
import android.widget.LinearLayout
import org.courtyard.app.Phone
import org.courtyard.app.R
import org.courtyard.app.buy.AtTheScale
import org.courtyard.app.look.QrView
import org.courtyard.app.pay.PayActivity
import org.courtyard.app.pay.PayEvent
import org.courtyard.app.screen.view
import org.courtyard.core.SlipMark
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.annotation.Config

@Config(qualifiers = Phone.ZH)
class SlipTest : AtTheScale() {
    private fun bought(grower: String = "王秀英", gross: String = "25.7", tare: String = "1.5"): String {
        lateinit var id: String
        buy {
            it.draft(grower, "黄瓜", "A 等", gross, tare)
            id = it.save()
        }
        return id
    }

    private fun slip(id: String, then: (SlipActivity) -> Unit) {
        val intent = SlipActivity.of(app, id)
        Robolectric.buildActivity(SlipActivity::class.java, intent).use { controller ->
            val activity = controller.setup().get()
            settle()
            then(activity)
        }
    }

    private fun pay(grower: String? = null, then: (PayActivity) -> Unit) {
        val intent = PayActivity.of(app, grower)
        Robolectric.buildActivity(PayActivity::class.java, intent).use { controller ->
            val activity = controller.setup().get()
            settle()
            then(activity)
        }
    }

    @Test
    fun `a saved slip shows its number, its figures and a QR to scan`() {
        val id = bought()
        slip(id) {
            assertEquals(id, it.text(R.id.slip_number))
            assertEquals("○ 待同步", it.text(R.id.slip_state))
            assertEquals("¥38.72", it.text(R.id.slip_amount))
            assertSays(it, "1.60 元/斤 (3.20 元/kg)")
            assertSays(it, "未付")
            val qr = it.view<QrView>(R.id.slip_qr)
            val across = checkNotNull(it.model.qr).size.toInt() + 8
            assertTrue("whole modules: ${qr.width} of $across", qr.width > 0 && qr.width % across == 0)
            assertEquals(qr.width, qr.height)
            it.assertTargets()
            picture(it.window, "slip-zh")
            it.touch(R.id.slip_show)
            assertEquals("24.2 斤\n12.10 kg", it.text(R.id.grower_weight))
            picture(it.window, "slip-zh-grower")
            it.touch(R.id.grower_done)
            assertTrue(it.sees(R.id.slip_number))
        }
    }

    @Test
    fun `an unpaid slip of today is taken back by the steward, with a reason`() {
        val id = bought()
        slip(id) {
            it.touch(R.id.slip_void)
            assertFalse("why is asked first", it.view<View>(R.id.void_confirm).isEnabled)
            picture(it.window, "slip-zh-void")
            it.view<LinearLayout>(R.id.void_reasons).getChildAt(0).performClick()
            settle()
            it.touch(R.id.void_confirm)
            assertEquals("✕ 红冲", it.text(R.id.slip_state))
            assertFalse(it.sees(R.id.slip_pay))
            assertFalse(it.view<View>(R.id.slip_void).isEnabled)
            picture(it.window, "slip-zh-voided")
        }
        assertEquals(SlipMark.VOID, app.ledger.slip(id).mark)
    }

    @Test
    fun `a paid slip needs a second person, which is said and can be asked for`() {
        val id = bought()
        pay { it.payAll() }
        slip(id) {
            assertSays(it, "已付")
            assertFalse(it.sees(R.id.slip_pay))
            it.touch(R.id.slip_void)
            it.view<LinearLayout>(R.id.void_reasons).getChildAt(1).performClick()
            settle()
            it.touch(R.id.void_confirm)
            assertTrue(it.says(), it.sees(R.id.void_asks))
            assertEquals("请县社同意", it.text(R.id.void_confirm))
            picture(it.window, "slip-zh-second-person")
            it.touch(R.id.void_confirm)
            assertTrue(it.says(), it.sees(R.id.slip_number))
        }
    }

    /** From who is owed to the number of the payout. */
    private fun PayActivity.payAll(): String {
        view<LinearLayout>(R.id.pay_growers).getChildAt(0).performClick()
        settle()
        touch(R.id.pay_action)
        return text(R.id.paid_number)
    }

    @Test
    fun `cash is paid with the float before and after, once, and gets its number`() {
        val first = bought()
        clock.wallS += 600
        clock.uptimeS += 600
        bought(gross = "10.3", tare = "0.2")
        slip(first) {
            it.touch(R.id.slip_pay)
            assertEquals(PayActivity::class.java.name, it.started().component?.className)
        }
        pay {
            assertSays(it, "2 张未付")
            picture(it.window, "pay-zh-who")
            it.view<LinearLayout>(R.id.pay_growers).getChildAt(0).performClick()
            settle()
            assertSays(it, "付前备用金")
            assertSays(it, "您垫付")
            picture(it.window, "pay-zh")
            it.assertTargets()
            val all = checkNotNull(it.model.review)
            it.view<LinearLayout>(R.id.pay_slips).getChildAt(1).performClick()
            settle()
            assertEquals(listOf(first), it.model.review?.allocations?.map { part -> part.slip })
            it.view<LinearLayout>(R.id.pay_slips).getChildAt(0).performClick()
            settle()
            assertFalse("nothing is left to pay", it.view<View>(R.id.pay_action).isEnabled)
            for (place in 0..1) {
                it.view<LinearLayout>(R.id.pay_slips).getChildAt(place).performClick()
                settle()
            }
            assertEquals(all.cashFen, it.model.review?.cashFen)
            val action = it.view<View>(R.id.pay_action)
            action.performClick()
            action.performClick()
            settle()
            assertNull(it.model.trouble)
            assertTrue(it.text(R.id.paid_number).isNotEmpty())
            assertEquals(-all.cashFen, app.ledger.today().floatFen)
            picture(it.window, "pay-zh-paid")
        }
        assertEquals(0L, app.ledger.slip(first).remainingFen)
        pay { assertSays(it, "现在没有要付现金的单") }
    }

    @Test
    fun `a turned screen still leaves out the slip that was left`() {
        val first = bought()
        clock.wallS += 600
        clock.uptimeS += 600
        val left = bought(gross = "10.3", tare = "0.2")
        val kept = Bundle()
        val intent = PayActivity.of(app)
        Robolectric.buildActivity(PayActivity::class.java, intent).use { controller ->
            val it = controller.setup().get()
            settle()
            it.view<LinearLayout>(R.id.pay_growers).getChildAt(0).performClick()
            settle()
            it.send(PayEvent.SlipTouched(left))
            settle()
            controller.saveInstanceState(kept)
        }
        Robolectric.buildActivity(PayActivity::class.java, intent).use { controller ->
            val it = controller.setup(kept).get()
            settle()
            assertEquals(2, it.view<LinearLayout>(R.id.pay_slips).childCount)
            assertEquals(listOf(first), it.model.review?.allocations?.map { part -> part.slip })
            it.touch(R.id.pay_action)
            assertTrue(it.text(R.id.paid_number).isNotEmpty())
        }
        assertEquals(0L, app.ledger.slip(first).remainingFen)
        assertTrue("left for another day", app.ledger.slip(left).remainingFen > 0)
    }

    @Test
    fun `who is paid twice is refused in the core's words`() {
        bought()
        pay { open ->
            open.view<LinearLayout>(R.id.pay_growers).getChildAt(0).performClick()
            settle()
            // Somebody pays at the same phone, on another screen.
            app.ledger.pay(checkNotNull(open.model.asked).grower, emptyList(), emptyList(), null)
            open.touch(R.id.pay_action)
            assertTrue(open.says(), open.sees(R.id.trouble))
            assertFalse("nothing is paid", open.sees(R.id.paid_number))
        }
    }
}
