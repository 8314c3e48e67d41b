// The stages in which the pad types something besides a weighing: what is taken off, and the price.

package org.courtyard.app.buy

import android.content.Context
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.LinearLayout
import org.courtyard.app.R
import org.courtyard.app.look.TroubleView
import org.courtyard.app.look.TypedView
import org.courtyard.app.look.rows
import org.courtyard.app.look.sayPerJin
import org.courtyard.app.look.sayPerKg
import org.courtyard.app.look.sayPrice

/** A button beside the pad. */
data class EntryChoice(val words: String, val chosen: Boolean, val event: BuyEvent)

/** What is taken off a line, or its price. */
class EntryStage(
    private val context: Context,
    parent: ViewGroup,
    private val send: (BuyEvent) -> Unit,
) : StageView {
    override val root: View = LayoutInflater.from(context).inflate(R.layout.buy_entry, parent, false)
    private val choices = root.findViewById<LinearLayout>(R.id.entry_choices)
    private val figure = root.findViewById<TypedView>(R.id.entry_typed)

    override fun render(model: BuyModel) {
        root.findViewById<TroubleView>(R.id.entry_problem).show(model.typed.trouble)
        val buttons = if (model.stage == Stage.PRICE) prices(model) else deductions(model)
        choices.rows(R.layout.buy_entry_choice, buttons) { view, choice ->
            (view as Button).apply {
                text = choice.words
                isSelected = choice.chosen
                setOnClickListener { send(choice.event) }
            }
        }
        if (model.stage == Stage.PRICE) price(model.typed) else deduction(model.typed)
        figure.isSelected = true
        figure.isActivated = model.typed.trouble != null
    }

    private fun price(typed: Typed) {
        val perJin = typed.measure == Measure.JIN
        figure.show(
            context.getString(R.string.buy_price_agreed),
            typed.text,
            context.getString(if (perJin) R.string.price_unit_jin else R.string.price_unit_kg),
            typed.value?.let { if (perJin) context.sayPerKg(it) else context.sayPerJin(it) },
        )
    }

    private fun deduction(typed: Typed) = figure.show(
        context.getString(R.string.buy_deduct_amount), typed.text, context.unitOf(typed.measure), context.otherOf(typed),
    )

    private fun prices(model: BuyModel): List<EntryChoice> {
        val line = model.open ?: return emptyList()
        val list = line.listLiPerKg?.let { context.getString(R.string.buy_price_list, context.sayPrice(it)) }
            ?: context.getString(R.string.buy_price_list_none)
        return listOf(
            EntryChoice(list, !line.pending && !line.stated, BuyEvent.ListPrice),
            EntryChoice(context.getString(R.string.buy_price_pending), line.pending, BuyEvent.PricePending),
        )
    }

    private fun deductions(model: BuyModel): List<EntryChoice> {
        val line = model.open ?: return emptyList()
        val taken = line.deductions.map { deducted ->
            val words = context.getString(R.string.buy_deduction_remove, deducted.words.of(context))
            EntryChoice(words, false, BuyEvent.RemoveDeduction(line.number, deducted.number))
        }
        val reasons = context.resources.getStringArray(R.array.buy_reasons).map { reason ->
            EntryChoice(reason, model.reason == reason, BuyEvent.ReasonChosen(reason))
        }
        return taken + reasons
    }
}
