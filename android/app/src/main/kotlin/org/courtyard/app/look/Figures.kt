// Integers as people read them: grams as jin and kilograms, fen as yuan. Nothing is rounded.

package org.courtyard.app.look

import java.math.BigDecimal
import java.math.BigInteger
import java.text.DecimalFormat
import java.text.DecimalFormatSymbols
import java.util.Locale

/** How figures are written; the same in every language. */
object Figures {
    /** Grams as jin, exactly: 500 g are one. At least one decimal, at most three. */
    fun jin(grams: Long): String = grouped("#,##0.0##", BigDecimal.valueOf(grams).divide(BigDecimal(500)))

    /** Grams as kilograms, exactly. At least two decimals, at most three. */
    fun kg(grams: Long): String = grouped("#,##0.00#", BigDecimal.valueOf(grams, 3))

    /** Fen as yuan with both decimals. */
    fun yuan(fen: Long): String = grouped("#,##0.00", BigDecimal(BigInteger.valueOf(fen), 2))

    /** Li per kilogram as yuan per jin, exactly: 1 yuan a jin is 2,000 li a kilogram. */
    fun yuanPerJin(liPerKg: Long): String =
        grouped("0.00##", BigDecimal.valueOf(liPerKg).divide(BigDecimal(2000)))

    /** Li per kilogram as yuan per kilogram. */
    fun yuanPerKg(liPerKg: Long): String = grouped("0.00#", BigDecimal.valueOf(liPerKg, 3))

    // The reader's language does not change a ledger's digits.
    private fun grouped(pattern: String, value: BigDecimal): String =
        DecimalFormat(pattern, DecimalFormatSymbols(Locale.ROOT)).format(value)
}
