// Names the concrete adapters and hands the use cases their ports. The only file that knows them all.
