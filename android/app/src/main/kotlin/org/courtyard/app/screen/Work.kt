// The one thread on which screens ask the ledger; the main thread never waits for it.

package org.courtyard.app.screen

import java.util.concurrent.Executors
import java.util.concurrent.ThreadFactory
import java.util.concurrent.atomic.AtomicInteger

/** Runs effects one after another, in the order in which they were asked for. */
class Work {
    private val thread = Executors.newSingleThreadExecutor(
        ThreadFactory { task -> Thread(task, "ledger").apply { isDaemon = true } },
    )
    private val open = AtomicInteger()

    /** How many effects were asked for and are not done. */
    val pending: Int get() = open.get()

    /** Runs this after all that was asked for before it. */
    fun run(task: () -> Unit) {
        open.incrementAndGet()
        thread.execute {
            try {
                task()
            } finally {
                open.decrementAndGet()
            }
        }
    }
}
