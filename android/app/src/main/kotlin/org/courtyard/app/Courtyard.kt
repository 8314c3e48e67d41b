// The application: what all screens share for as long as the process lives.

package org.courtyard.app

import android.app.Application
import org.courtyard.app.device.Keychain
import org.courtyard.app.device.PhoneClock
import org.courtyard.app.ledger.Syncing
import org.courtyard.app.screen.Work
import org.courtyard.core.ClockEvidence
import org.courtyard.core.Courtyard as Ledger

/** Holds the ledger, the one thread on which it is asked, and the sync. */
class Courtyard : Application() {
    /** The thread of the ledger. */
    val work = Work()

    /** The sync, which goes on when a screen closes. */
    val syncing = Syncing { ledger }

    /** The phone's clocks; a test sets others before the ledger is opened. */
    var clock: ClockEvidence = PhoneClock

    private var opened: Ledger? = null

    /** The ledger in the app's own folder; opened when it is first asked for, off the main thread. */
    val ledger: Ledger
        @Synchronized get() = opened ?: Ledger.open(filesDir.path, clock, Keychain.ofDevice()).also { opened = it }

    /** Lets the ledger go, as the end of the process would; whoever asks next opens it again. */
    @Synchronized
    fun release() {
        syncing.stop()
        opened?.close()
        opened = null
    }
}
