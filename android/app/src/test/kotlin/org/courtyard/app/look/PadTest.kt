// The pad makes texts that the core can read, and nothing else.

package org.courtyard.app.look

import org.junit.Assert.assertEquals
import org.junit.Test

class PadTest {
    private fun typed(keys: String): String = keys.fold("") { text, key ->
        Pad.press(
            text,
            when (key) {
                '.' -> Key.Point
                '<' -> Key.Back
                'C' -> Key.Clear
                else -> Key.Digit(key - '0')
            },
        )
    }

    @Test
    fun `digits and one point make a number`() {
        assertEquals("25.7", typed("25.7"))
        assertEquals("25.7", typed("25..7"))
        assertEquals("0.5", typed(".5"))
        assertEquals("7", typed("007"))
        assertEquals("0.05", typed("0.05"))
    }

    @Test
    fun `what was mistyped is taken back`() {
        assertEquals("25", typed("257<"))
        assertEquals("", typed("2<<"))
        assertEquals("3", typed("25.7C3"))
    }

    @Test
    fun `no number grows longer than a scale's`() {
        assertEquals("123456789", typed("1234567890123"))
        assertEquals("12345678.", typed("12345678.99"))
    }

    @Test
    fun `a point that nothing follows is left out for the core`() {
        assertEquals("25", Pad.number("25."))
        assertEquals("25.7", Pad.number("25.7"))
    }
}
