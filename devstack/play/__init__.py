"""A small crowd that rings all day, and the seed's agents who serve it: something to look at."""
