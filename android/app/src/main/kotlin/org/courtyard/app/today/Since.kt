// When a sync last went through, in words. The clock may be wrong, so a time ahead is shown as it is.

package org.courtyard.app.today

import android.content.Context
import org.courtyard.app.R
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.util.Locale

/** Times in words, in the time zone of the books. */
object Since {
    private val books: ZoneId = ZoneId.of("Asia/Shanghai")
    private const val MINUTE_S = 60L
    private const val HOUR_S = 3_600L

    /** "3 minutes ago", "today 06:40", or the day. */
    fun words(context: Context, lastS: Long, nowS: Long): String {
        val ago = nowS - lastS
        val at = Instant.ofEpochSecond(lastS).atZone(books)
        val today = Instant.ofEpochSecond(nowS).atZone(books).toLocalDate()
        val clock = at.format(DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT))
        return when {
            ago in 0 until MINUTE_S -> context.getString(R.string.today_synced_now)
            ago in MINUTE_S until HOUR_S -> {
                val minutes = (ago / MINUTE_S).toInt()
                context.resources.getQuantityString(R.plurals.today_synced_minutes, minutes, minutes)
            }
            at.toLocalDate() == today -> context.getString(R.string.today_synced_today, clock)
            else -> context.getString(R.string.today_synced_on, at.toLocalDate().toString(), clock)
        }
    }

    /** A day as it stands over the list: "Thursday 18 June 2026", "2026年6月18日 星期四". */
    fun day(context: Context, date: String): String {
        val locale = context.resources.configuration.locales[0]
        val pattern = DateTimeFormatter.ofPattern(context.getString(R.string.today_date), locale)
        return LocalDate.parse(date).format(pattern)
    }
}
