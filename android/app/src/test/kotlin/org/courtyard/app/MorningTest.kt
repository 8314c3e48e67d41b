// A steward's morning, by the app's own screens on the real core, against a real `courtyard serve`.

package org.courtyard.app

import android.app.DatePickerDialog
import android.content.ClipData
import android.content.ClipboardManager
import android.content.DialogInterface
import android.widget.TextView
import org.courtyard.app.device.MemoryKeystore
import org.courtyard.app.enrol.EnrolActivity
import org.courtyard.app.ledger.Sync
import org.courtyard.app.today.TodayActivity
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowDialog

@Config(qualifiers = Phone.ZH)
class MorningTest : ScreenTest() {
    private lateinit var county: County

    @Before
    fun open() {
        MemoryKeystore.install()
        county = County().apply { start() }
    }

    @After
    fun close() = county.close()

    /** The first screen of the app on a new phone. */
    private fun <T> newPhone(then: (EnrolActivity) -> T): T {
        Robolectric.buildActivity(TodayActivity::class.java).use { controller ->
            val today = controller.setup().get()
            settle()
            assertEquals(EnrolActivity::class.java.name, shadowOf(today).nextStartedActivity?.component?.className)
            assertTrue("a phone that is not enrolled has no day", today.isFinishing)
        }
        return Robolectric.buildActivity(EnrolActivity::class.java).use { then(it.setup().get()) }
    }

    private fun <T> today(then: (TodayActivity) -> T): T =
        Robolectric.buildActivity(TodayActivity::class.java).use { controller ->
            val today = controller.setup().get()
            waitFor("the day is read and the sync is over") {
                today.model.day != null && today.model.sync !is Sync.Running
            }
            then(today)
        }

    @Test
    fun `a pasted invitation enrols the phone and fetches the village`() {
        newPhone { enrol ->
            assertFalse("nothing to enrol with yet", enrol.findViewById<TextView>(R.id.enrol).isEnabled)
            val board = enrol.getSystemService(ClipboardManager::class.java)
            // A chat breaks the line and puts blanks around it.
            board.setPrimaryClip(ClipData.newPlainText("", " " + county.invitation().chunked(40).joinToString("\n") + "\n"))
            enrol.touch(R.id.paste)
            enrol.touch(R.id.enrol)
            waitFor("enrolled") { enrol.isFinishing }
            assertEquals(TodayActivity::class.java.name, shadowOf(enrol).nextStartedActivity?.component?.className)
        }
        today {
            assertTrue(it.text(R.id.place).startsWith("石桥村"))
            assertEquals("● 县社都已收到", it.text(R.id.waiting))
            assertTrue(it.text(R.id.empty).contains("收购"))
            assertTrue(it.model.sync is Sync.Done)
        }
        assertEquals(1, app.ledger.searchGrowers("wxy", 10u).size)
    }

    @Test
    fun `a mistyped invitation is refused in words and can be mended`() = newPhone { enrol ->
        enrol.type(R.id.invitation, "CY1.NOTHING")
        enrol.touch(R.id.enrol)
        assertEquals("▲ 这不是有效的邀请，或抄错了字。请核对后重新粘贴整行。", enrol.text(R.id.trouble))
        enrol.type(R.id.invitation, county.invitation())
        assertFalse("the trouble goes when one types", enrol.sees(R.id.trouble))
        enrol.touch(R.id.enrol)
        waitFor("enrolled") { enrol.isFinishing }
    }

    @Test
    fun `an invitation works once, and without a server it says what to do`() {
        val invitation = county.invitation()
        county.stop()
        newPhone { enrol ->
            enrol.type(R.id.invitation, invitation)
            enrol.touch(R.id.enrol)
            assertTrue(enrol.text(R.id.trouble), enrol.text(R.id.trouble).startsWith("▲ 连不上县社服务器"))
            assertEquals("what was typed stays", invitation, enrol.text(R.id.invitation))
            county.start()
            enrol.touch(R.id.enrol)
            waitFor("enrolled") { enrol.isFinishing }
        }
    }

    @Test
    fun `airplane mode is no error, and what is new comes with the next touch`() {
        enrolled()
        county.stop()
        today {
            assertEquals(Sync.Offline, it.model.sync)
            assertNull(it.model.trouble)
            assertTrue(it.text(R.id.sync_words).startsWith("没有信号"))
            county.start()
            it.touch(R.id.sync)
            waitFor("synced") { it.model.sync is Sync.Done }
        }
    }

    @Test
    fun `a clock in the year 2000 stops neither the enrolment nor a sync`() {
        app.clock = SetClock(CLOCK_2000_S)
        enrolled()
        today {
            assertTrue(it.model.sync is Sync.Done)
            assertTrue(it.text(R.id.date), it.text(R.id.date).startsWith("2000年1月1日"))
            it.touch(R.id.say_day)
            val picker = ShadowDialog.getLatestDialog() as DatePickerDialog
            picker.updateDate(2026, 5, 18)
            picker.getButton(DialogInterface.BUTTON_POSITIVE).performClick()
            waitFor("the day is kept") { it.text(R.id.date).startsWith("2026年6月18日") }
            assertFalse("it is asked once", it.sees(R.id.clock))
        }
    }

    @Test
    fun `a copy of the app's files opens nothing without the phone's own keys`() {
        enrolled()
        app.release()
        MemoryKeystore.wipe()
        Robolectric.buildActivity(TodayActivity::class.java).use { controller ->
            val today = controller.setup().get()
            waitFor("it is said") { today.model.trouble != null }
            assertEquals("store.key_sealed", today.model.trouble?.code)
            assertFalse("nothing can be bought", today.findViewById<TextView>(R.id.buy).isEnabled)
        }
    }

    /** Enrols by the screen. */
    private fun enrolled() = newPhone { enrol ->
        enrol.type(R.id.invitation, county.invitation())
        enrol.touch(R.id.enrol)
        waitFor("enrolled") { enrol.isFinishing }
    }

    private companion object {
        const val CLOCK_2000_S = 946_684_800L
    }
}
