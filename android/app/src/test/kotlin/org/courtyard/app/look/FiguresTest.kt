// Figures are exact and read the same in every language.

package org.courtyard.app.look

import org.junit.Assert.assertEquals
import org.junit.Test

class FiguresTest {
    @Test
    fun `a weight reads in jin and in kilograms without rounding`() {
        assertEquals("58.5", Figures.jin(29_250))
        assertEquals("29.25", Figures.kg(29_250))
        assertEquals("0.002", Figures.jin(1))
        assertEquals("0.001", Figures.kg(1))
        assertEquals("1,234.568", Figures.jin(617_284))
        assertEquals("0.0", Figures.jin(0))
        assertEquals("-1.0", Figures.jin(-500))
    }

    @Test
    fun `money has both decimals and thousands`() {
        assertEquals("1,234.56", Figures.yuan(123_456))
        assertEquals("0.05", Figures.yuan(5))
        assertEquals("-12.00", Figures.yuan(-1_200))
        assertEquals("92,233,720,368,547,758.07", Figures.yuan(Long.MAX_VALUE))
    }

    @Test
    fun `a price reads by jin and by kilogram`() {
        assertEquals("1.60", Figures.yuanPerJin(3_200))
        assertEquals("3.20", Figures.yuanPerKg(3_200))
        assertEquals("0.0005", Figures.yuanPerJin(1))
    }
}
