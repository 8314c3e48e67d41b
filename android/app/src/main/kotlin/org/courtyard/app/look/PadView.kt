// The pad of the scale: large keys of its own, so that no keyboard covers the figures.

package org.courtyard.app.look

import android.content.Context
import android.util.AttributeSet
import android.view.HapticFeedbackConstants
import android.view.View
import android.widget.Button
import android.widget.LinearLayout
import org.courtyard.app.R

/** A key that stands beside the digits: a unit, or the way to the other figure. */
data class SideKey(val name: String, val words: String, val spoken: String, val chosen: Boolean = false)

/** Four rows of four: the digits, and a column of what the screen needs beside them. */
class PadView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : LinearLayout(context, attributes) {
    /** What a touched key does. */
    var onKey: (Key) -> Unit = {}

    private val sides = ArrayList<Button>(ROWS)
    private var shown = emptyList<SideKey>()

    init {
        orientation = VERTICAL
        val digits = listOf("123", "456", "789")
        for (row in digits) addRow(row.map { digit -> digit(digit - '0') })
        addRow(
            listOf(
                key(R.id.key_point, ".", R.string.pad_point, Key.Point),
                digit(0),
                key(R.id.key_back, "⌫", R.string.pad_back, Key.Back).also { back ->
                    back.setOnLongClickListener { press(it, Key.Clear); true }
                },
            ),
        )
    }

    /** Shows these keys beside the digits, from above. */
    fun showSides(keys: List<SideKey>) {
        if (keys == shown) return
        shown = keys
        sides.forEachIndexed { row, button ->
            val key = keys.getOrNull(row)
            button.visibility = if (key == null) View.INVISIBLE else View.VISIBLE
            button.text = key?.words
            button.contentDescription = key?.spoken
            button.isSelected = key?.chosen == true
        }
    }

    /** The side key of this name, for tests and for moving the eye to it. */
    fun side(name: String): Button? = shown.indexOfFirst { it.name == name }.let(sides::getOrNull)

    private fun addRow(keys: List<Button>) {
        // Digits and words have other baselines; the keys stand in one row all the same.
        val row = LinearLayout(context).apply { isBaselineAligned = false }
        val first = childCount == 0
        val gap = resources.getDimensionPixelSize(R.dimen.gap_8)
        val side = button(View.generateViewId()).apply {
            setOnClickListener { touched ->
                shown.getOrNull(sides.indexOf(touched))?.let { press(touched, Key.Side(it.name)) }
            }
        }
        sides.add(side)
        (keys + side).forEachIndexed { place, key ->
            row.addView(
                key,
                LayoutParams(0, resources.getDimensionPixelSize(R.dimen.target_scale), 1f).apply {
                    if (place > 0) marginStart = gap
                },
            )
        }
        addView(
            row,
            LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT).apply {
                if (!first) topMargin = gap
            },
        )
    }

    private fun digit(digit: Int): Button = button(DIGITS[digit]).apply {
        text = digit.toString()
        setOnClickListener { press(it, Key.Digit(digit)) }
    }

    private fun key(id: Int, words: String, spoken: Int, key: Key): Button = button(id).apply {
        text = words
        contentDescription = context.getString(spoken)
        setOnClickListener { press(it, key) }
    }

    // A style resource without a theme attribute: the fourth argument.
    private fun button(of: Int) = Button(context, null, 0, R.style.Button_Key).apply { id = of }

    private fun press(view: View, key: Key) {
        view.performHapticFeedback(HapticFeedbackConstants.KEYBOARD_TAP)
        onKey(key)
    }

    private companion object {
        const val ROWS = 4
        val DIGITS = intArrayOf(
            R.id.key_0, R.id.key_1, R.id.key_2, R.id.key_3, R.id.key_4,
            R.id.key_5, R.id.key_6, R.id.key_7, R.id.key_8, R.id.key_9,
        )
    }
}
