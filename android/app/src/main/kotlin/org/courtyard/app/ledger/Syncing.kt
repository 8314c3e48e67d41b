// The one sync of the app: it belongs to no screen, so that buying goes on while the network is slow.

package org.courtyard.app.ledger

import org.courtyard.app.look.Trouble
import org.courtyard.core.SyncHandle
import org.courtyard.core.SyncListener
import org.courtyard.core.SyncOutcome
import org.courtyard.core.Courtyard as Ledger

/** How a sync stands. */
sealed interface Sync {
    /** Nothing was begun. */
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

/** Runs at most one sync at a time and tells every watcher how it stands, on the sync's thread. */
class Syncing(private val ledger: () -> Ledger) {
    private val watchers = LinkedHashSet<(Sync) -> Unit>()
    private var handle: SyncHandle? = null
    private var state: Sync = Sync.Still

    /** Tells this watcher how it stands, now and from now on. */
    @Synchronized
    fun watch(watcher: (Sync) -> Unit) {
        watchers += watcher
        watcher(state)
    }

    /** Tells it no more. */
    @Synchronized
    fun leave(watcher: (Sync) -> Unit) {
        watchers -= watcher
    }

    /** Begins, unless one runs. It asks the ledger, so not on the main thread. */
    fun start() {
        val asked = ledger()
        synchronized(this) {
            if (state is Sync.Running) return
            handle?.close()
            // The listener waits for this lock, so that nothing is told before the beginning.
            handle = asked.startSync(Told())
            become(Sync.Running())
        }
    }

    /** Ends the one that runs, after the post at hand; its watchers are told. */
    @Synchronized
    fun stop() {
        handle?.stop()
    }

    @Synchronized
    private fun become(new: Sync) {
        state = new
        watchers.toList().forEach { it(new) }
    }

    private inner class Told : SyncListener {
        override fun moved(sent: UInt, received: UInt) = become(Sync.Running(sent.toInt(), received.toInt()))

        override fun ended(outcome: SyncOutcome) = become(
            when (outcome) {
                is SyncOutcome.Done -> Sync.Done(outcome.sent.toInt(), outcome.received.toInt())
                SyncOutcome.Offline -> Sync.Offline
                SyncOutcome.Stopped -> Sync.Stopped
                is SyncOutcome.Failed ->
                    Sync.Failed(Trouble(outcome.code, outcome.reasonZh, outcome.reasonEn))
            },
        )
    }
}
