// Words that the core gives in both languages.

package org.courtyard.app.look

import android.content.Context

/** The same in Chinese and in English. */
data class Words(val zh: String, val en: String) {
    /** In the reader's language. */
    fun of(context: Context): String = context.inLanguage(zh, en)
}
