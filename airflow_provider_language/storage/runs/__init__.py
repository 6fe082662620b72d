"""What a run of a corpus keeps: its journal, its open segments, its folders."""
