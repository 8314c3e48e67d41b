// Weights and prices as words, both units always beside each other.

package org.courtyard.app.look

import android.content.Context
import org.courtyard.app.R

/** `58.5 斤 (29.25 kg)`, which never breaks between a figure and its unit. */
fun Context.sayWeight(grams: Long): String =
    getString(R.string.price_both, sayJin(grams), sayKg(grams)).replace(' ', '\u00A0')

/** `58.5 斤`. */
fun Context.sayJin(grams: Long): String = getString(R.string.weight_in_jin, Figures.jin(grams))

/** `29.25 kg`. */
fun Context.sayKg(grams: Long): String = getString(R.string.weight_in_kg, Figures.kg(grams))

/** `1.60 元/斤 (3.20 元/kg)`. */
fun Context.sayPrice(liPerKg: Long): String =
    getString(R.string.price_both, sayPerJin(liPerKg), sayPerKg(liPerKg))

/** `1.60 元/斤`. */
fun Context.sayPerJin(liPerKg: Long): String =
    getString(R.string.price_per_jin, Figures.yuanPerJin(liPerKg))

/** `3.20 元/kg`. */
fun Context.sayPerKg(liPerKg: Long): String =
    getString(R.string.price_per_kg, Figures.yuanPerKg(liPerKg))
