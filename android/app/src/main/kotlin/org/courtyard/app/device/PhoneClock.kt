// The phone's two clocks: evidence for the entries, and never what decides an order.

package org.courtyard.app.device

import android.os.SystemClock
import org.courtyard.core.ClockEvidence

/** Reads them. */
object PhoneClock : ClockEvidence {
    private const val SECOND_MS = 1_000L

    override fun wallS(): Long = System.currentTimeMillis() / SECOND_MS

    override fun uptimeS(): Long = SystemClock.elapsedRealtime() / SECOND_MS
}
