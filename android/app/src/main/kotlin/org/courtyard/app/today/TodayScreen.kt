// The day at a glance, and syncing: model, events, effects and the pure update.

package org.courtyard.app.today

import org.courtyard.app.ledger.Sync
import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.OnScreen
import org.courtyard.app.screen.Screen
import org.courtyard.core.Today

/** What stands on the screen; no [day] until it was read. */
data class TodayModel(
    val day: Today? = null,
    val sync: Sync = Sync.Still,
    val trouble: Trouble? = null,
    /** What this phone's clock said when the day was read, in seconds since 1970. */
    val readS: Long = 0,
)

/** What happened. */
sealed interface TodayEvent {
    /** The screen came into view, or the phone found a signal. */
    data object Awake : TodayEvent

    /** The phone is not enrolled. */
    data object NotEnrolled : TodayEvent

    /** The day was read. */
    data class Read(val day: Today, val nowS: Long) : TodayEvent

    /** The day could not be read. */
    data class Failed(val trouble: Trouble) : TodayEvent

    /** 收购 was touched. */
    data object BuyAsked : TodayEvent

    /** 付款 was touched. */
    data object PayAsked : TodayEvent

    /** A slip was touched. */
    data class SlipAsked(val id: String) : TodayEvent

    /** The question for the day was touched. */
    data object DayAsked : TodayEvent

    /** The steward said which day it is, such as `2026-07-01`. */
    data class DaySaid(val date: String) : TodayEvent

    /** Sync, or stop, was touched. */
    data object SyncTouched : TodayEvent

    /** The sync stands like this now. */
    data class SyncIs(val sync: Sync) : TodayEvent
}

/** What is to be done. */
sealed interface TodayEffect {
    /** Read the day. */
    data object Read : TodayEffect

    /** Keep the day that the steward said. */
    data class ConfirmDay(val date: String) : TodayEffect

    /** Begin to sync, unless one runs. */
    data object StartSync : TodayEffect

    /** Stop syncing. */
    data object StopSync : TodayEffect

    /** Ask for the day, beginning from this one. */
    data class AskDay(val from: String) : TodayEffect, OnScreen

    /** Enrol first. */
    data object OpenEnrol : TodayEffect, OnScreen

    /** Buy. */
    data object OpenBuy : TodayEffect, OnScreen

    /** Pay. */
    data object OpenPay : TodayEffect, OnScreen

    /** Show a slip. */
    data class OpenSlip(val id: String) : TodayEffect, OnScreen
}

/** The screen itself. */
object TodayScreen : Screen<TodayModel, TodayEvent, TodayEffect> {
    override fun update(model: TodayModel, event: TodayEvent): Next<TodayModel, TodayEffect> =
        when (event) {
            TodayEvent.Awake -> Next.of(model, TodayEffect.Read, TodayEffect.StartSync)
            TodayEvent.NotEnrolled -> Next.of(model.copy(day = null), TodayEffect.OpenEnrol)
            is TodayEvent.Read ->
                Next(model.copy(day = event.day, readS = event.nowS, trouble = null))
            is TodayEvent.Failed -> Next(model.copy(trouble = event.trouble))
            TodayEvent.BuyAsked -> Next.of(model, TodayEffect.OpenBuy)
            TodayEvent.PayAsked -> Next.of(model, TodayEffect.OpenPay)
            is TodayEvent.SlipAsked -> Next.of(model, TodayEffect.OpenSlip(event.id))
            TodayEvent.DayAsked ->
                Next(model, listOfNotNull(model.day?.let { TodayEffect.AskDay(it.date) }))
            is TodayEvent.DaySaid -> Next.of(model, TodayEffect.ConfirmDay(event.date))
            TodayEvent.SyncTouched -> {
                val running = model.sync is Sync.Running
                Next.of(model, if (running) TodayEffect.StopSync else TodayEffect.StartSync)
            }
            is TodayEvent.SyncIs -> {
                // What came or was acknowledged shows when the sync has ended.
                val ended = model.sync is Sync.Running && event.sync !is Sync.Running
                val effects = if (ended) listOf(TodayEffect.Read) else emptyList()
                Next(model.copy(sync = event.sync), effects)
            }
        }
}
