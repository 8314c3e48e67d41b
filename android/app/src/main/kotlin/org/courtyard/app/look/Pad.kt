// What is typed on the pad: digits and one point, as text. What it means the core reads.

package org.courtyard.app.look

/** A key of the pad. */
sealed interface Key {
    /** A digit from 0 to 9. */
    data class Digit(val digit: Int) : Key

    /** The decimal point. */
    data object Point : Key

    /** Takes the last character back. */
    data object Back : Key

    /** Takes everything back. */
    data object Clear : Key

    /** A unit, or whatever else a screen puts beside the digits. */
    data class Side(val name: String) : Key
}

/** How keys make a text. */
object Pad {
    /** No scale shows more characters than this, and no price needs more. */
    const val LONGEST = 9

    /** The text after this key; a key that makes no number changes nothing. */
    fun press(text: String, key: Key): String = when (key) {
        is Key.Digit -> when {
            text.length >= LONGEST -> text
            // a leading nought is only wanted before a point
            text == "0" -> key.digit.toString()
            else -> text + key.digit
        }
        Key.Point -> when {
            '.' in text || text.length >= LONGEST -> text
            text.isEmpty() -> "0."
            else -> "$text."
        }
        Key.Back -> text.dropLast(1)
        Key.Clear -> ""
        is Key.Side -> text
    }

    /** The text as a number that the core reads: a point that nothing follows yet is left out. */
    fun number(text: String): String = text.removeSuffix(".")
}
