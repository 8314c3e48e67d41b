// Tells when the phone finds a network, so that what waits is sent without being asked for.

package org.courtyard.app.device

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network

/** Calls back, on some thread, each time a network appears; from [start] to [stop]. */
class Signal(context: Context, private val found: () -> Unit) {
    private val networks = context.getSystemService(ConnectivityManager::class.java)
    private var listening: ConnectivityManager.NetworkCallback? = null

    /** Begins to listen. A network that is there already is told too. */
    fun start() {
        if (listening != null) return
        listening = object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(network: Network) = found()
        }.also(networks::registerDefaultNetworkCallback)
    }

    /** Listens no more. */
    fun stop() {
        listening?.let(networks::unregisterNetworkCallback)
        listening = null
    }
}
