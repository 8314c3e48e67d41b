// A figure as the look wants it: large, tabular, right-aligned, its unit smaller beside it.

package org.courtyard.app.look

import android.content.Context
import android.text.SpannableStringBuilder
import android.text.Spanned
import android.text.style.AbsoluteSizeSpan
import android.text.style.ForegroundColorSpan
import android.util.AttributeSet
import android.widget.TextView
import org.courtyard.app.R

/** Shows one weight or one amount. Its size comes from its style (`Text.Figure…`). */
class FigureView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : TextView(context, attributes) {

    /** A weight, in jin and in kilograms; in two lines where the figure is the picture. */
    fun showWeight(grams: Long, lines: Boolean = false) {
        val text = SpannableStringBuilder()
        text.figure(Figures.jin(grams)).unit(" " + context.getString(R.string.unit_jin))
        val kg = context.getString(R.string.weight_in_kg, Figures.kg(grams))
        text.unit(if (lines) "\n$kg" else " ($kg)")
        this.text = text
        contentDescription =
            context.getString(R.string.weight_spoken, Figures.jin(grams), Figures.kg(grams))
    }

    /** An amount of money. */
    fun showMoney(fen: Long) {
        val text = SpannableStringBuilder()
        // The sign stands before the currency, as on paper.
        val sign = if (fen < 0) "-" else ""
        text.unit("$sign¥").figure(Figures.yuan(fen).removePrefix("-"))
        this.text = text
        contentDescription = context.getString(R.string.money_spoken, Figures.yuan(fen))
    }

    /** A count of something, with its word. */
    fun showCount(count: Int, word: String) {
        text = SpannableStringBuilder().figure(count.toString()).unit(" $word")
        contentDescription = "$count $word"
    }

    /** Words that hold figures, such as a price in both units. */
    fun showWords(words: String) {
        text = words
        contentDescription = words
    }

    private fun SpannableStringBuilder.figure(digits: String) = append(digits)

    private fun SpannableStringBuilder.unit(words: String): SpannableStringBuilder {
        val from = length
        append(words)
        val least = resources.getDimension(R.dimen.text_14)
        val size = AbsoluteSizeSpan(maxOf(textSize * UNIT, least).toInt())
        setSpan(size, from, length, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
        val muted = ForegroundColorSpan(context.getColor(R.color.muted))
        setSpan(muted, from, length, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
        return this
    }

    private companion object {
        /** A unit's size beside its figure's; never below the smallest text. */
        const val UNIT = 0.6f
    }
}
