// The payout's update: what was chosen before the screen was turned is chosen after it.

package org.courtyard.app.pay

import org.courtyard.core.Allocation
import org.courtyard.core.PayoutReview
import org.courtyard.core.RepaymentOffer
import org.courtyard.core.Words
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class PayScreenTest {
    private val words = Words("农资", "inputs")
    private val all = PayoutReview(
        grower = GROWER, growerName = "王秀英", owedFen = 300, owedElsewhereFen = 0, cashFen = 300,
        roundingFen = 0, roundingRule = words, leftFen = 0,
        allocations = listOf(Allocation("A7K-1", "2026-06-18", 100), Allocation("A7K-2", "2026-06-18", 200)),
        offers = listOf(RepaymentOffer("A7K-9", words, "2026-06-01", 500, 50)),
        repaidFen = 0, notices = emptyList(), problems = emptyList(), floatBeforeFen = 0, floatAfterFen = -300,
    )
    private val part = all.copy(cashFen = 50, repaidFen = 50, allocations = all.allocations.take(1))

    private fun resumed(asked: Asked) =
        PayScreen.update(PayScreen.resume(asked).model, PayEvent.Reviewed(Asked(GROWER), all))

    @Test
    fun `what was left out and what is kept back are so again`() {
        val asked = Asked(GROWER, setOf("A7K-2"), setOf("A7K-9"))
        assertEquals(listOf(PayEffect.Review(Asked(GROWER), emptyList())), PayScreen.resume(asked).effects)
        val looked = resumed(asked)
        assertEquals(listOf(PayEffect.Review(asked, listOf("A7K-1"))), looked.effects)
        assertFalse("all that is owed is not what is asked for", looked.model.ready)
        val ready = PayScreen.update(looked.model, PayEvent.Reviewed(asked, part)).model
        assertEquals(part, ready.review)
        assertEquals(all.allocations, ready.slips)
        assertTrue(ready.ready)
        assertEquals(
            listOf(PayEffect.Pay(asked, listOf("A7K-1"))),
            PayScreen.update(ready, PayEvent.Confirmed).effects,
        )
    }

    @Test
    fun `what stands no more is forgotten`() {
        val looked = resumed(Asked(GROWER, setOf("A7K-7"), setOf("A7K-8")))
        assertEquals(Asked(GROWER), looked.model.asked)
        assertEquals(all, looked.model.review)
        assertEquals(emptyList<PayEffect>(), looked.effects)
        assertTrue(looked.model.ready)
    }

    @Test
    fun `with every slip left out nothing is paid`() {
        val looked = resumed(Asked(GROWER, setOf("A7K-1", "A7K-2")))
        assertEquals(emptyList<PayEffect>(), looked.effects)
        assertFalse(looked.model.ready)
    }

    @Test
    fun `an answer for somebody else is not shown`() {
        val other = PayScreen.update(PayScreen.resume(Asked("H-004-1")).model, PayEvent.Reviewed(Asked(GROWER), all))
        assertNull(other.model.review)
    }

    private companion object {
        const val GROWER = "H-003-1"
    }
}
