// A phone whose clock was set by hand, or lost with its battery.

package org.courtyard.app

import org.courtyard.core.ClockEvidence

/** Clocks that stand where they were set. */
class SetClock(var wallS: Long, var uptimeS: Long = 60) : ClockEvidence {
    override fun wallS() = wallS
    override fun uptimeS() = uptimeS
}
