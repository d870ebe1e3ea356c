import { output } from "../../command.ts";

/** A service has no screen (session 0) and prints nothing. The ticks wrap after 49.7 days: unsigned 32-bit subtraction. */
const SCRIPT = `
if ([Diagnostics.Process]::GetCurrentProcess().SessionId -eq 0) { exit }
Add-Type @'
using System; using System.Runtime.InteropServices;
public static class Input {
  [StructLayout(LayoutKind.Sequential)] struct Info { public uint Size; public uint Tick; }
  [DllImport("user32.dll")] static extern bool GetLastInputInfo(ref Info info);
  public static uint IdleMs() {
    var info = new Info(); info.Size = 8; GetLastInputInfo(ref info);
    return unchecked((uint)Environment.TickCount - info.Tick);
  }
}
'@
[Input]::IdleMs()`;

/** Milliseconds since the last input of the person at this desktop. */
export async function readWindowsIdle(): Promise<number | undefined> {
	return parseIdleMs(await output("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", SCRIPT]));
}

export function parseIdleMs(text: string): number | undefined {
	return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
