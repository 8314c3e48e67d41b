// The stages of 收购 in which something is chosen from a list: grower, product, grade.

package org.courtyard.app.buy

import android.content.Context
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.BaseAdapter
import android.widget.ListView
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.look.sayPrice
import org.courtyard.app.screen.showOrHide

/** One stage on the screen: made once, shown with every model. */
interface StageView {
    /** What stands between head and foot. */
    val root: View

    /** Shows the model. */
    fun render(model: BuyModel)
}

/** A row to choose. */
data class Choice(val name: String, val under: String?, val beside: String?, val chosen: BuyEvent)

/** A list to choose from. */
class ChoiceStage(
    private val context: Context,
    parent: ViewGroup,
    private val send: (BuyEvent) -> Unit,
    private val choices: (BuyModel) -> List<Choice>,
    private val empty: (BuyModel) -> Int,
) : StageView {
    private val inflater = LayoutInflater.from(context)
    override val root: View = inflater.inflate(R.layout.buy_list, parent, false)
    private val list = root.findViewById<ListView>(R.id.list)
    private val nothing = root.findViewById<TextView>(R.id.list_empty)
    private val adapter = Adapter()

    init {
        list.adapter = adapter
        list.setOnItemClickListener { _, _, place, _ -> send(adapter.getItem(place).chosen) }
    }

    override fun render(model: BuyModel) {
        val now = choices(model)
        nothing.showOrHide(if (now.isEmpty()) context.getString(empty(model)) else null)
        adapter.show(now)
    }

    private inner class Adapter : BaseAdapter() {
        private var rows = emptyList<Choice>()

        fun show(new: List<Choice>) {
            if (new == rows) return
            rows = new
            notifyDataSetChanged()
            list.setSelection(0)
        }

        override fun getCount() = rows.size
        override fun getItem(position: Int): Choice = rows[position]
        override fun getItemId(position: Int) = position.toLong()

        override fun getView(position: Int, convertView: View?, parent: ViewGroup): View {
            val view = convertView ?: inflater.inflate(R.layout.buy_choice, parent, false)
            val choice = rows[position]
            view.findViewById<TextView>(R.id.choice_name).text = choice.name
            view.findViewById<TextView>(R.id.choice_under).showOrHide(choice.under)
            view.findViewById<TextView>(R.id.choice_beside).showOrHide(choice.beside)
            return view
        }
    }
}

/** What there is to choose, by stage. */
class Choices(private val context: Context) {
    /** Growers, with what they delivered on their contracts. */
    fun growers(model: BuyModel): List<Choice> = model.growers.map { grower ->
        val where = (listOf(grower.place) + grower.flags + grower.id).filter(String::isNotBlank)
        val lines = listOf(where.joinToString(" · ")) + grower.contracts.map { it.of(context) }
        Choice(
            name = grower.name.ifBlank { grower.id },
            under = lines.joinToString("\n"),
            beside = if (grower.own) context.getString(R.string.buy_own) else null,
            chosen = BuyEvent.GrowerChosen(grower),
        )
    }

    /** Products; with its price where there is one grade. */
    fun products(model: BuyModel): List<Choice> = model.products.map { product ->
        val prices = product.grades.mapNotNull { grade ->
            grade.liPerKg?.let { context.getString(R.string.buy_product_grade, grade.letter, context.sayPrice(it)) }
        }
        Choice(
            name = product.name,
            under = prices.ifEmpty { listOf(context.getString(R.string.buy_no_list_price)) }.joinToString("\n"),
            beside = if (product.contracted) context.getString(R.string.buy_contracted) else null,
            chosen = BuyEvent.ProductChosen(product),
        )
    }

    /** Grades of the product, each with its price. */
    fun grades(model: BuyModel): List<Choice> = model.product?.grades.orEmpty().map { grade ->
        Choice(
            name = context.getString(R.string.buy_grade_row, grade.letter),
            under = grade.liPerKg?.let(context::sayPrice) ?: context.getString(R.string.buy_no_list_price),
            beside = null,
            chosen = BuyEvent.GradeChosen(grade.letter),
        )
    }
}
