// The open slip as the screen shows it: what the core says, and nothing computed here.

package org.courtyard.app.buy

import org.courtyard.app.look.Trouble
import org.courtyard.app.look.Words

/** A household to buy from. */
data class GrowerRow(
    val id: String,
    val name: String,
    /** The village and the group in it. */
    val place: String,
    /** Marks such as 脱贫户. */
    val flags: List<String> = emptyList(),
    /** The steward's own household. */
    val own: Boolean = false,
    /** What is delivered on its contracts, as of the last sync. */
    val contracts: List<Words> = emptyList(),
)

/** A product of the catalogue; its grades in order, each with today's list price if it has one. */
data class ProductRow(
    val number: Int,
    val name: String,
    val grades: List<GradeRow>,
    /** The grower has a contract of it. */
    val contracted: Boolean = false,
)

/** A grade, and its price in li per kg. */
data class GradeRow(val letter: String, val liPerKg: Long?)

/** Where in the slip something was found; lines and weighings as the draft counts them. */
sealed interface Place {
    /** The whole slip. */
    data object Whole : Place

    /** A line. */
    data class Line(val line: Int) : Place

    /** A weighing of a line. */
    data class Weighing(val line: Int, val weighing: Int) : Place

    /** A deduction of a line. */
    data class Deduction(val line: Int, val deduction: Int) : Place
}

/** What the core found, where, and in words. */
data class Finding(val said: Trouble, val place: Place)

/** What became of a weighing. */
enum class Counts { YES, REPLACED, REMOVED }

/** A weighing of the draft. */
data class Weighed(
    val number: Int,
    val grossG: Long,
    val tareG: Long,
    val netG: Long,
    val counts: Counts = Counts.YES,
)

/** A deduction of the draft. */
data class Deducted(val number: Int, val words: Words)

/** So many grams at one price, and why this price. */
data class Segment(val weightG: Long, val liPerKg: Long, val why: Words)

/** A line of the draft, priced. */
data class OpenLine(
    /** Its number in the draft; removed lines keep theirs. */
    val number: Int,
    val product: Int,
    val name: String,
    val grade: String,
    val weighings: List<Weighed> = emptyList(),
    val deductions: List<Deducted> = emptyList(),
    val netG: Long = 0,
    val deductedG: Long = 0,
    val settlementG: Long = 0,
    val listLiPerKg: Long? = null,
    val stated: Boolean = false,
    val pending: Boolean = false,
    val segments: List<Segment> = emptyList(),
    val amountFen: Long = 0,
    val contract: Words? = null,
) {
    /** The weighings that count. */
    val counted: Int get() = weighings.count { it.counts == Counts.YES }
}

/** The slip that is being filled in. */
data class OpenSlip(
    val grower: GrowerRow,
    val date: String,
    /** The clock is in doubt and nobody has said yet which day it is. */
    val asksDay: Boolean = false,
    /** The lines that were not removed. */
    val lines: List<OpenLine> = emptyList(),
    val netG: Long = 0,
    val settlementG: Long = 0,
    val amountFen: Long = 0,
    /** What its lines at a pending price are estimated at. */
    val estimateFen: Long = 0,
    val problems: List<Finding> = emptyList(),
    val warnings: List<Finding> = emptyList(),
) {
    /** The line of this number. */
    fun line(number: Int): OpenLine? = lines.find { it.number == number }

    /** What was found at this place. */
    fun at(place: Place): List<Finding> = (problems + warnings).filter { it.place == place }
}
