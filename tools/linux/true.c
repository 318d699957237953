/* true.c - the benchmark on Linux executes it; Parley has user/true.c. */
int main(void)
{
	return 0;
}
