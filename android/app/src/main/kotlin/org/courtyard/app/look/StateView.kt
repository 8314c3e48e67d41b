// The state of a slip or of the phone: a word and a shape, and only then a colour.

package org.courtyard.app.look

import android.content.Context
import android.util.AttributeSet
import android.widget.TextView
import org.courtyard.app.R

/** The states that a person is shown, each with its shape, so that colour never tells alone. */
enum class StateMark(val shape: String, val word: Int, val colour: Int) {
    /** The office has it. */
    SYNCED("●", R.string.state_synced, R.color.paddy),

    /** It is on this phone and waits. */
    WAITING("○", R.string.state_waiting, R.color.indigo),

    /** Somebody asks about it. */
    QUESTION("?", R.string.state_question, R.color.persimmon),

    /** It was taken back. */
    VOID("✕", R.string.state_void, R.color.red),

    /** It does not simply count; look at it. */
    LOOK("▲", R.string.state_look, R.color.persimmon),
}

/** Shows one state. */
class StateView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : TextView(context, attributes) {
    /** Shows this state, with its own word or with these. */
    fun show(mark: StateMark, words: CharSequence = context.getString(mark.word)) {
        text = context.getString(R.string.state_with_shape, mark.shape, words)
        setTextColor(context.getColor(mark.colour))
        contentDescription = words
    }
}
