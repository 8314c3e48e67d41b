// A county on this machine for the tests: the real `courtyard`, real files, real HTTP on loopback.

package org.courtyard.app

import org.json.JSONObject
import org.junit.Assert.assertEquals
import java.io.Closeable
import java.io.File
import java.nio.file.Files

/** A server's data in a temporary folder, with one village; and the server, when it runs. */
class County : Closeable {
    private val folder: File = Files.createTempDirectory("courtyard-android").toFile()
    private val data = File(folder, "server")
    private var child: Process? = null

    /** Where the server listens; the same after it was stopped and started again. */
    var address = ""
        private set

    init {
        office("admin", "village", "add", "--name", VILLAGE)
        import("products", "code,name,category\n102,菠菜,叶菜\n103,黄瓜,瓜果\n104,番茄,瓜果\n")
        import(
            "prices",
            "date,code,grade,price\n2026-01-01,102,A,3.20/kg\n2026-01-01,102,B,2.60/kg\n" +
                "2026-01-01,103,A,1.60/jin\n2026-01-01,104,A,4.00/kg\n",
        )
        import(
            "growers",
            "village,name,group,phone\n" +
                "$VILLAGE,王秀英,2组,13800000001\n$VILLAGE,李国华,2组,\n$VILLAGE,赵桂兰,3组,\n",
        )
    }

    /** Starts the server, on the port that it had before if it ran before. */
    fun start() {
        check(child == null) { "the server runs" }
        val listen = address.removePrefix("http://").ifEmpty { "127.0.0.1:0" }
        val started = ProcessBuilder(
            binary, "serve", "--until-stdin-closes", "--listen", listen, "--data", data.path,
        ).redirectError(File(folder, "serve.log")).start()
        child = started
        val line = started.inputStream.bufferedReader().readLine().orEmpty()
        check(line.startsWith(SAYS)) { "the server said: $line\n${File(folder, "serve.log").readText()}" }
        address = line.removePrefix(SAYS).trim()
    }

    /** Stops the server: to the phone it is as in airplane mode. */
    fun stop() {
        child?.apply {
            outputStream.close()
            waitFor()
        }
        child = null
    }

    /** A new invitation for a phone of the village. */
    fun invitation(): String =
        office("admin", "invite", "--village", VILLAGE, "--address", address).getString("invitation")

    /** Runs a command on the server's data and gives its JSON. */
    fun office(vararg words: String): JSONObject = run(words.asList() + listOf("--json", "--data", data.path))

    private fun run(words: List<String>): JSONObject {
        val errors = File(folder, "errors.log")
        val process = ProcessBuilder(listOf(binary) + words).redirectError(errors).start()
        process.outputStream.close()
        val out = process.inputStream.bufferedReader().readText()
        assertEquals("${words.joinToString(" ")}: $out ${errors.readText()}", 0, process.waitFor())
        return JSONObject(out)
    }

    /** Runs a steward's command on another phone of the village, enrolled at its first word. */
    fun phone(name: String, vararg words: String): JSONObject {
        val store = File(folder, name)
        if (!store.exists()) run(listOf("steward", "--json", "--data", store.path, "enrol", "--invitation", invitation()))
        return run(listOf("steward", "--json", "--data", store.path) + words)
    }

    /** Imports a file of this text at the office. */
    fun import(what: String, text: String): JSONObject {
        val file = File(folder, "$what.csv").apply { writeText(text) }
        return office("import", what, file.path)
    }

    override fun close() {
        stop()
        folder.deleteRecursively()
    }

    companion object {
        /** The village of these tests. */
        const val VILLAGE = "石桥村"
        private const val SAYS = "listening on "
        private val binary: String =
            checkNotNull(System.getProperty("courtyard.binary")) { "courtyard.binary is not set" }
    }
}
