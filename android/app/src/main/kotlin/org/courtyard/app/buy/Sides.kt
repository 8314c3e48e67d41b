// What stands beside the digits: the units, and the way from gross to tare.

package org.courtyard.app.buy

import android.content.Context
import org.courtyard.app.R
import org.courtyard.app.look.SideKey

/** The keys beside the digits. */
object Sides {
    /** Those of this stage. */
    fun of(context: Context, model: BuyModel): List<SideKey> = when (model.stage) {
        Stage.WEIGH -> weights(context, model.weigh.now.measure) + other(context, model.weigh.at)
        Stage.DEDUCT ->
            listOf(key(context, Measure.SHARE, "%", R.string.buy_share_spoken, model.typed.measure)) +
                weights(context, model.typed.measure)
        Stage.PRICE -> listOf(
            key(context, Measure.JIN, context.getString(R.string.price_unit_jin), R.string.buy_per_jin_spoken, model.typed.measure),
            key(context, Measure.KG, context.getString(R.string.price_unit_kg), R.string.buy_per_kg_spoken, model.typed.measure),
        )
        else -> emptyList()
    }

    private fun weights(context: Context, chosen: Measure): List<SideKey> = listOf(
        key(context, Measure.JIN, context.getString(R.string.unit_jin), R.string.buy_jin_spoken, chosen),
        key(context, Measure.KG, context.getString(R.string.unit_kg), R.string.buy_kg_spoken, chosen),
    )

    private fun key(context: Context, measure: Measure, words: String, spoken: Int, chosen: Measure) =
        SideKey(measure.name, words, context.getString(spoken), measure == chosen)

    private fun other(context: Context, at: Figure): SideKey {
        val toTare = at == Figure.GROSS
        return SideKey(
            BuyScreen.NEXT_FIGURE.name,
            context.getString(if (toTare) R.string.buy_to_tare else R.string.buy_to_gross),
            context.getString(if (toTare) R.string.buy_to_tare_spoken else R.string.buy_to_gross_spoken),
        )
    }
}
