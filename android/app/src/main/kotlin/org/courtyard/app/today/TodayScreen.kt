// The day at a glance, and syncing: model, events, effects and the pure update.

package org.courtyard.app.today

import org.courtyard.app.look.StateMark
import org.courtyard.app.look.Trouble
import org.courtyard.app.screen.Next
import org.courtyard.app.screen.OnScreen
import org.courtyard.app.screen.Screen

/** A slip in the day's list. */
data class SlipLine(
    val id: String,
    val grower: String,
    val settlementG: Long,
    val amountFen: Long,
    val mark: StateMark,
)

/** What the ledger says of today. */
data class Day(
    val village: String,
    val device: String,
    val date: String,
    val settlementG: Long,
    val amountFen: Long,
    val slips: List<SlipLine>,
    val floatFen: Long,
    /** Entries and edits that the office is not known to have. */
    val waiting: Int,
    /** When a sync last went through, in seconds since 1970; `null` before the first. */
    val lastSyncS: Long?,
    /** What this phone's clock says now. */
    val nowS: Long,
    /** A slip was begun and is not saved. */
    val slipOpen: Boolean,
)

/** How a sync stands. */
sealed interface Sync {
    /** Nothing is under way. */
    data object Still : Sync

    /** It runs; so much was sent and fetched. */
    data class Running(val sent: Int = 0, val fetched: Int = 0) : Sync

    /** Both sides have the same. */
    data class Done(val sent: Int, val fetched: Int) : Sync

    /** There is no way to the office now: no error, it waits. */
    data object Offline : Sync

    /** The steward stopped it; what the office acknowledged is kept. */
    data object Stopped : Sync

    /** The office or the store had something against it. */
    data class Failed(val trouble: Trouble) : Sync
}

/** What stands on the screen; no [day] until it was read. */
data class TodayModel(
    val day: Day? = null,
    val sync: Sync = Sync.Still,
    val trouble: Trouble? = null,
)

/** What happened. */
sealed interface TodayEvent {
    /** The screen came into view, or the phone found a signal. */
    data object Awake : TodayEvent

    /** The phone is not enrolled. */
    data object NotEnrolled : TodayEvent

    /** The day was read. */
    data class Read(val day: Day) : TodayEvent

    /** The day could not be read. */
    data class Failed(val trouble: Trouble) : TodayEvent

    /** 收购 was touched. */
    data object BuyAsked : TodayEvent

    /** 付款 was touched. */
    data object PayAsked : TodayEvent

    /** A slip was touched. */
    data class SlipAsked(val id: String) : TodayEvent

    /** Sync, or stop, was touched. */
    data object SyncTouched : TodayEvent

    /** The sync came this far. */
    data class SyncMoved(val sent: Int, val fetched: Int) : TodayEvent

    /** The sync ended. */
    data class SyncEnded(val how: Sync) : TodayEvent
}

/** What is to be done. */
sealed interface TodayEffect {
    /** Read the day. */
    data object Read : TodayEffect

    /** Begin to sync. */
    data object StartSync : TodayEffect

    /** Stop syncing. */
    data object StopSync : TodayEffect

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
            TodayEvent.Awake -> begun(model, TodayEffect.Read)
            TodayEvent.NotEnrolled ->
                Next.of(model.copy(day = null, sync = Sync.Still), TodayEffect.OpenEnrol)
            is TodayEvent.Read -> Next(model.copy(day = event.day, trouble = null))
            is TodayEvent.Failed -> Next(model.copy(trouble = event.trouble))
            TodayEvent.BuyAsked -> Next.of(model, TodayEffect.OpenBuy)
            TodayEvent.PayAsked -> Next.of(model, TodayEffect.OpenPay)
            is TodayEvent.SlipAsked -> Next.of(model, TodayEffect.OpenSlip(event.id))
            TodayEvent.SyncTouched ->
                if (model.sync is Sync.Running) Next.of(model, TodayEffect.StopSync) else begun(model)
            is TodayEvent.SyncMoved ->
                // A step that was reported before the end and arrives after it changes nothing.
                if (model.sync is Sync.Running) {
                    Next(model.copy(sync = Sync.Running(event.sent, event.fetched)))
                } else {
                    Next(model)
                }
            is TodayEvent.SyncEnded -> Next.of(model.copy(sync = event.how), TodayEffect.Read)
        }

    private fun begun(model: TodayModel, vararg before: TodayEffect): Next<TodayModel, TodayEffect> =
        if (model.sync is Sync.Running) {
            Next(model, before.asList())
        } else {
            Next(model.copy(sync = Sync.Running()), before.asList() + TodayEffect.StartSync)
        }
}
