// Small helpers by which an activity ties views to events.

package org.courtyard.app.screen

import android.app.Activity
import android.text.Editable
import android.text.TextWatcher
import android.view.View
import android.widget.EditText
import android.widget.TextView

/** The view of this id, as its kind. */
fun <V : View> Activity.view(id: Int): V = requireNotNull(findViewById(id)) { "no view ${resources.getResourceName(id)}" }

/** What a touch means. */
fun Activity.onTouch(id: Int, act: () -> Unit) = view<View>(id).setOnClickListener { act() }

/** What typing means; the whole text each time. */
fun EditText.onText(act: (String) -> Unit) = addTextChangedListener(object : TextWatcher {
    override fun beforeTextChanged(text: CharSequence?, start: Int, count: Int, after: Int) = Unit
    override fun onTextChanged(text: CharSequence?, start: Int, before: Int, count: Int) = Unit
    override fun afterTextChanged(text: Editable?) = act(text?.toString().orEmpty())
})

/** Shows these words, or nothing in no room. */
fun TextView.showOrHide(words: CharSequence?) {
    visibility = if (words == null) View.GONE else View.VISIBLE
    text = words
}

/** Shows the view, or leaves no room for it. */
fun View.shownIf(wanted: Boolean) {
    visibility = if (wanted) View.VISIBLE else View.GONE
}

/** Writes what the model holds into a field, without moving the caret of one who types. */
fun EditText.write(words: String) {
    if (text.toString() != words) {
        setText(words)
        setSelection(words.length)
    }
}
