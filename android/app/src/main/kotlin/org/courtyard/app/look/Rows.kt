// Short lists inside a page: as many rows as there are things, each filled by its thing.

package org.courtyard.app.look

import android.graphics.Paint
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import org.courtyard.app.R

/** Shows these things, a row of this layout each; rows that are there are used again. */
fun <T> ViewGroup.rows(layout: Int, things: List<T>, fill: (View, T) -> Unit) {
    val inflater = LayoutInflater.from(context)
    while (childCount > things.size) removeViewAt(childCount - 1)
    while (childCount < things.size) inflater.inflate(layout, this, true)
    things.forEachIndexed { place, thing -> fill(getChildAt(place), thing) }
}

/** A name, its figure, and what is said below: a row of `figure_row`. */
data class FigureRow(
    val name: String,
    val figure: (FigureView) -> Unit,
    val under: String? = null,
    /** It no longer counts, and stays visible. */
    val gone: Boolean = false,
    /** Something was found here. */
    val pointed: Boolean = false,
    val spoken: String? = null,
    val touch: (() -> Unit)? = null,
)

/** Fills a `figure_row`. */
fun View.show(row: FigureRow) {
    val context = context
    val name = findViewById<TextView>(R.id.row_name)
    val figure = findViewById<FigureView>(R.id.row_figure)
    val under = findViewById<TextView>(R.id.row_under)
    val mark = if (row.pointed) StateMark.LOOK.shape + " " else ""
    name.text = mark + row.name
    row.figure(figure)
    under.text = row.under
    under.visibility = if (row.under == null) View.GONE else View.VISIBLE
    for (view in listOf(figure, under)) {
        view.paintFlags = if (row.gone) {
            view.paintFlags or Paint.STRIKE_THRU_TEXT_FLAG
        } else {
            view.paintFlags and Paint.STRIKE_THRU_TEXT_FLAG.inv()
        }
    }
    val colour = when {
        row.pointed -> R.color.persimmon
        row.gone -> R.color.muted
        else -> R.color.ink
    }
    name.setTextColor(context.getColor(colour))
    figure.setTextColor(context.getColor(colour))
    contentDescription = row.spoken
    val touch = row.touch
    minimumHeight = if (touch == null) 0 else resources.getDimensionPixelSize(R.dimen.target)
    if (touch == null) {
        setOnClickListener(null)
        isClickable = false
    } else {
        setOnClickListener { touch() }
    }
}
