// The day's update: what is read and synced when, and that airplane mode is no error.

package org.courtyard.app.today

import org.courtyard.app.ledger.Sync
import org.courtyard.app.look.Trouble
import org.courtyard.core.Today
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class TodayScreenTest {
    private val day = Today("A7K", "石桥村", "2026-06-18", 0u, 0, 0, 0, emptyList(), 0, 0, 0u, null, false, false, false)
    private val still = TodayModel(day)
    private val running = TodayModel(day, Sync.Running())
    private fun after(model: TodayModel, event: TodayEvent) = TodayScreen.update(model, event)

    @Test
    fun `coming into view reads the day and syncs without being asked`() {
        val next = after(still, TodayEvent.Awake)
        assertEquals(listOf(TodayEffect.Read, TodayEffect.StartSync), next.effects)
    }

    @Test
    fun `a touch begins a sync, and stops one that runs`() {
        assertEquals(listOf(TodayEffect.StartSync), after(still, TodayEvent.SyncTouched).effects)
        assertEquals(listOf(TodayEffect.StopSync), after(running, TodayEvent.SyncTouched).effects)
    }

    @Test
    fun `airplane mode is shown as waiting and not as a trouble`() {
        val next = after(running, TodayEvent.SyncIs(Sync.Offline))
        assertEquals(Sync.Offline, next.model.sync)
        assertNull(next.model.trouble)
        assertEquals(listOf(TodayEffect.StartSync), after(next.model, TodayEvent.SyncTouched).effects)
    }

    @Test
    fun `the day is read again when a sync has ended, and not at each of its steps`() {
        val moved = after(running, TodayEvent.SyncIs(Sync.Running(1, 2)))
        assertEquals(emptyList<TodayEffect>(), moved.effects)
        assertEquals(listOf(TodayEffect.Read), after(moved.model, TodayEvent.SyncIs(Sync.Done(1, 2))).effects)
        assertEquals(emptyList<TodayEffect>(), after(still, TodayEvent.SyncIs(Sync.Done(1, 2))).effects)
    }

    @Test
    fun `a phone that is not enrolled goes to the enrolment`() {
        val next = after(still, TodayEvent.NotEnrolled)
        assertEquals(listOf(TodayEffect.OpenEnrol), next.effects)
        assertNull(next.model.day)
    }

    @Test
    fun `what could not be read is said, and what stood there stays`() {
        val trouble = Trouble("store.full", "满", "full")
        val failed = after(still, TodayEvent.Failed(trouble)).model
        assertEquals(day, failed.day)
        assertEquals(trouble, failed.trouble)
        assertNull(after(failed, TodayEvent.Read(day, 7)).model.trouble)
    }

    @Test
    fun `buying, paying and a slip lead to their screens`() {
        assertEquals(listOf(TodayEffect.OpenBuy), after(still, TodayEvent.BuyAsked).effects)
        assertEquals(listOf(TodayEffect.OpenPay), after(still, TodayEvent.PayAsked).effects)
        assertEquals(
            listOf(TodayEffect.OpenSlip("A7K-000127")),
            after(still, TodayEvent.SlipAsked("A7K-000127")).effects,
        )
    }

    @Test
    fun `the day that the steward says is kept`() {
        assertEquals(listOf(TodayEffect.AskDay("2026-06-18")), after(still, TodayEvent.DayAsked).effects)
        assertEquals(
            listOf(TodayEffect.ConfirmDay("2026-06-19")),
            after(still, TodayEvent.DaySaid("2026-06-19")).effects,
        )
    }
}
