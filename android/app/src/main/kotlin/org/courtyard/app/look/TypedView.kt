// A figure while it is typed: what stands on the pad with its unit, and the same in the other unit.

package org.courtyard.app.look

import android.content.Context
import android.util.AttributeSet
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import org.courtyard.app.R

/** Shows a typed figure; selected while the pad types it. */
class TypedView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : LinearLayout(context, attributes) {
    private val label: TextView
    private val figure: TextView
    private val unit: TextView
    private val other: TextView

    init {
        orientation = VERTICAL
        setBackgroundResource(R.drawable.figure)
        val edge = resources.getDimensionPixelSize(R.dimen.gap_8)
        setPadding(edge, edge, edge, edge)
        View.inflate(context, R.layout.typed, this)
        label = findViewById(R.id.typed_label)
        figure = findViewById(R.id.typed_figure)
        unit = findViewById(R.id.typed_unit)
        other = findViewById(R.id.typed_other)
    }

    /** Shows it. Of a figure that nothing was typed for, a stroke stands there. */
    fun show(name: String, typed: String, inUnit: String, inOther: String?) {
        label.text = name
        figure.text = typed.ifEmpty { NOTHING }
        unit.text = inUnit
        other.text = inOther ?: NOTHING
        contentDescription = listOf(name, typed, inUnit, inOther.orEmpty()).filter { it.isNotEmpty() }.joinToString(" ")
    }

    private companion object {
        const val NOTHING = "–"
    }
}
