// The phone's two clocks: evidence for the entries, and never what decides an order.

package org.courtyard.app.device

import android.os.SystemClock

/** Reads them. */
object PhoneClock {
    private const val SECOND_MS = 1_000L

    /** Seconds since 1970 by the wall clock, which may be wrong by years. */
    fun wallS(): Long = System.currentTimeMillis() / SECOND_MS

    /** Seconds since the phone was started, sleep included: nobody can set them back. */
    fun uptimeS(): Long = SystemClock.elapsedRealtime() / SECOND_MS
}
