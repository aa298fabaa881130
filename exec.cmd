@rem `exec` of package.json on Windows, where shells have none: npm forwards signals to what it started itself.
@%*
