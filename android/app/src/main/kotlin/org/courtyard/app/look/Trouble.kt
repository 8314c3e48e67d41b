// What went wrong, in words that the core gives in both languages: what happened, what was kept, what to do.

package org.courtyard.app.look

import android.content.Context
import android.util.AttributeSet
import android.view.View
import android.widget.TextView
import org.courtyard.app.R
import java.util.Locale

/** Words in both languages, as the core says them. The code is for the helpline, never alone. */
data class Trouble(val code: String, val zh: String, val en: String) {
    /** The words in the reader's language. */
    fun words(context: Context): String = context.inLanguage(zh, en)
}

/** Picks the words of the reader's language from what the core says in both. */
fun Context.inLanguage(zh: String, en: String): String =
    if (resources.configuration.locales[0].language == Locale.CHINESE.language) zh else en

/** Shows a trouble above the screen's action; nothing when there is none. */
class TroubleView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : TextView(context, attributes) {
    init {
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    }

    /** Shows it, or hides. */
    fun show(trouble: Trouble?) {
        visibility = if (trouble == null) View.GONE else View.VISIBLE
        val mark = StateMark.LOOK.shape
        text = trouble?.let { context.getString(R.string.state_with_shape, mark, it.words(context)) }
        contentDescription = trouble?.words(context)
    }
}
