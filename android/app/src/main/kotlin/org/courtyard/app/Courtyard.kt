// The application: what all screens share for as long as the process lives.

package org.courtyard.app

import android.app.Application
import org.courtyard.app.screen.Work

/** Holds the ledger and the one thread on which it is asked. */
class Courtyard : Application() {
    /** The thread of the ledger. */
    val work = Work()
}
