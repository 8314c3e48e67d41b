// The second touch of a double tap is not for what the first one brought.

package org.courtyard.app.screen

import android.os.SystemClock
import android.view.MotionEvent
import android.view.ViewConfiguration

/** Remembers when the screen turned to something else, and lets touches of that moment go by. */
class SecondTouch {
    private var turnedAt = 0L
    private var shown: Any? = null

    /** The screen shows this stage now. */
    fun shows(stage: Any) {
        if (stage == shown) return
        shown = stage
        turnedAt = SystemClock.uptimeMillis()
    }

    /** Whether this touch began before a person can have seen what is shown. */
    fun isTooSoon(event: MotionEvent): Boolean = event.downTime - turnedAt < ViewConfiguration.getDoubleTapTimeout()
}
