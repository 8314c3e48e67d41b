#!/bin/sh
# Looks inside a built APK: its signature, what a phone's installer reads, and every activity's class.
# usage: check-apk.sh OUT_DIR MIN_SDK
set -eu
out=$1 min=$2
apk=$out/app-debug.apk
apksigner verify --min-sdk-version "$min" "$apk"
zipalign -c -p 4 "$apk"
badging=$(aapt2 dump badging "$apk")
for line in "package: name='org.courtyard.app'" "sdkVersion:'$min'" "application-label:'Courtyard'" \
    "application-label-zh:'庭院收购账'" "launchable-activity: name='org.courtyard.app.today.TodayActivity'" \
    "uses-permission: name='android.permission.INTERNET'"; do
    case "$badging" in
    *"$line"*) ;;
    *) echo "check-apk: the badging lacks $line" >&2; exit 1 ;;
    esac
done
classes=$(cd "$out/apk/dex" && for dex in *.dex; do dexdump "$dex"; done | sed -n "s/^  Class descriptor  : //p")
activities=$(sed -n 's/.*android:name="\(org\.courtyard\.app\.[A-Za-z.]*Activity\)".*/\1/p' "$out/AndroidManifest.xml")
[ -n "$activities" ] || { echo "check-apk: the manifest names no activity" >&2; exit 1; }
for name in $activities; do
    case "$classes" in
    *"'L$(echo "$name" | tr . /);'"*) echo "check-apk: $name" ;;
    *) echo "check-apk: $name is not in the APK" >&2; exit 1 ;;
    esac
done
echo "check-apk: signed, aligned, complete: $(stat -c %s "$apk") bytes"
