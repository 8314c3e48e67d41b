// The parts of a slip's page: its lines as printed, what is paid of it, and the page for the grower.

package org.courtyard.app.slip

import android.app.Activity
import android.content.Context
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import org.courtyard.app.R
import org.courtyard.app.buy.shown
import org.courtyard.app.look.FigureRow
import org.courtyard.app.look.FigureView
import org.courtyard.app.look.rows
import org.courtyard.app.look.sayPrice
import org.courtyard.app.look.sayWeight
import org.courtyard.app.look.show
import org.courtyard.app.screen.view
import org.courtyard.core.Slip
import org.courtyard.core.SlipLine
import org.courtyard.core.SlipWeighing

/** Fills them. */
object SlipPages {
    /** What was paid of it, by which payouts, and what is not. */
    fun money(context: Context, slip: Slip): List<FigureRow> {
        val paid = slip.payouts.map { part ->
            FigureRow(
                context.getString(R.string.slip_paid_by, part.payout),
                { it.showMoney(part.amountFen) },
                context.getString(R.string.slip_paid_on, part.date),
            )
        }
        val unpaid = if (slip.remainingFen != 0L) {
            listOf(FigureRow(context.getString(R.string.slip_unpaid), { it.showMoney(slip.remainingFen) }))
        } else {
            emptyList()
        }
        val reserved = if (slip.reservedFen != 0L) {
            listOf(FigureRow(context.getString(R.string.slip_reserved), { it.showMoney(slip.reservedFen) }))
        } else {
            emptyList()
        }
        return paid + unpaid + reserved
    }

    /** A line, as printed. */
    fun line(view: View, line: SlipLine) {
        val context = view.context
        view.findViewById<TextView>(R.id.line_name).text =
            context.getString(R.string.buy_product_grade, line.productName, line.grade)
        view.findViewById<LinearLayout>(R.id.line_rows)
            .rows(R.layout.figure_row, figures(context, line)) { row, shown -> row.show(shown) }
        view.findViewById<FigureView>(R.id.line_amount).showMoney(line.amountFen)
    }

    private fun figures(context: Context, line: SlipLine): List<FigureRow> {
        val weighings = line.weighings.mapIndexed { place, weighing ->
            weighing(context, context.getString(R.string.buy_weighing_number, place + 1), weighing, false)
        }
        val replaced = line.replaced.map {
            weighing(context, context.getString(R.string.slip_replaced), it, true)
        }
        val sums = ArrayList<FigureRow>()
        if (line.weighings.size > 1 || line.deductions.isNotEmpty()) {
            sums += FigureRow(context.getString(R.string.buy_net_row), { it.showWeight(line.netG) })
        }
        line.deductions.forEach { taken ->
            sums += FigureRow(
                context.getString(R.string.slip_deduction, taken.reason).trim(),
                { it.showWords(taken.amount.shown().of(context)) },
            )
        }
        if (line.deductions.isNotEmpty()) {
            sums += FigureRow(context.getString(R.string.buy_settlement_row), { it.showWeight(line.settlementG) })
        }
        val prices = line.segments.map { segment ->
            FigureRow(
                segment.reason.shown().of(context),
                { it.showWords(context.sayPrice(segment.priceLiPerKg)) },
                if (line.segments.size > 1) context.sayWeight(segment.weightG) else null,
            )
        }
        return weighings + replaced + sums + prices
    }

    private fun weighing(context: Context, name: String, weighing: SlipWeighing, gone: Boolean): FigureRow {
        val gross = context.sayWeight(weighing.grossG)
        val tare = context.sayWeight(weighing.tareG)
        return FigureRow(name, { it.showWords(gross) }, context.getString(R.string.slip_tare, tare), gone)
    }

    /** The page that the grower reads at arm's length: the figures, and nothing to touch but one thing. */
    fun grower(activity: Activity, slip: Slip) {
        activity.view<TextView>(R.id.grower_name).text = slip.growerName.ifBlank { slip.grower }
        activity.view<TextView>(R.id.grower_number).text = slip.id
        activity.view<TextView>(R.id.grower_date).text = slip.date
        activity.view<FigureView>(R.id.grower_weight).showWeight(slip.settlementG, lines = true)
        activity.view<FigureView>(R.id.grower_amount).showMoney(slip.amountFen)
        activity.view<TextView>(R.id.grower_lines).text = slip.lines.joinToString("\n") { line ->
            val prices = line.segments.joinToString(" · ") { activity.sayPrice(it.priceLiPerKg) }
            activity.getString(R.string.slip_grower_line, line.productName, line.grade, prices)
        }
    }
}
