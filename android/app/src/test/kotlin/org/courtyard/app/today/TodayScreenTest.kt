// The day's update: what is read and synced when, and that airplane mode is no error.

package org.courtyard.app.today

import org.courtyard.app.look.Trouble
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class TodayScreenTest {
    private val day = Day("石桥村", "A7K", "2026-06-18", 0, 0, emptyList(), 0, 0, null, 0, false)
    private val still = TodayModel(day)
    private val running = TodayModel(day, Sync.Running())
    private fun after(model: TodayModel, event: TodayEvent) = TodayScreen.update(model, event)

    @Test
    fun `coming into view reads the day and syncs without being asked`() {
        val next = after(still, TodayEvent.Awake)
        assertEquals(listOf(TodayEffect.Read, TodayEffect.StartSync), next.effects)
        assertEquals(Sync.Running(), next.model.sync)
    }

    @Test
    fun `a sync that runs is not begun again, and a touch stops it`() {
        assertEquals(listOf(TodayEffect.Read), after(running, TodayEvent.Awake).effects)
        assertEquals(listOf(TodayEffect.StopSync), after(running, TodayEvent.SyncTouched).effects)
    }

    @Test
    fun `airplane mode is shown as waiting and not as a trouble`() {
        val next = after(running, TodayEvent.SyncEnded(Sync.Offline))
        assertEquals(Sync.Offline, next.model.sync)
        assertNull(next.model.trouble)
        assertEquals(listOf(TodayEffect.Read), next.effects)
        assertEquals(listOf(TodayEffect.StartSync), after(next.model, TodayEvent.SyncTouched).effects)
    }

    @Test
    fun `a step that comes after the end does not make the sync run again`() {
        val done = after(running, TodayEvent.SyncEnded(Sync.Done(3, 0))).model
        assertEquals(done, after(done, TodayEvent.SyncMoved(1, 0)).model)
        assertEquals(Sync.Running(1, 2), after(running, TodayEvent.SyncMoved(1, 2)).model.sync)
    }

    @Test
    fun `a phone that is not enrolled goes to the enrolment and syncs nothing`() {
        val next = after(TodayModel(sync = Sync.Running()), TodayEvent.NotEnrolled)
        assertEquals(listOf(TodayEffect.OpenEnrol), next.effects)
        assertEquals(Sync.Still, next.model.sync)
    }

    @Test
    fun `what could not be read is said, and what stood there stays`() {
        val trouble = Trouble("store.full", "满", "full")
        val failed = after(still, TodayEvent.Failed(trouble)).model
        assertEquals(day, failed.day)
        assertEquals(trouble, failed.trouble)
        assertNull(after(failed, TodayEvent.Read(day)).model.trouble)
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
}
